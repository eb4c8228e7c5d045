using Microsoft.ML.Dmcp.AutoML.Planning;

namespace Microsoft.ML.Dmcp.AutoML.Store;

/// <summary>A trial as the store holds it.</summary>
internal sealed record StoredTrial
{
    public required int Number { get; init; }

    public required string Network { get; init; }

    public required DmcpTrialMethod Method { get; init; }

    /// <summary>Its budget on the <see cref="BudgetAxis"/>; 0 for shared weights.</summary>
    public required double Amount { get; init; }

    public required int Seed { get; init; }

    public required DmcpTrialState State { get; init; }

    /// <summary>Epochs of its training that are done and compared.</summary>
    public int TrainedEpochs { get; init; }

    /// <summary>The trial whose α its search begins with.</summary>
    public int? Neighbour { get; init; }

    /// <summary>Who has it; null where nobody does.</summary>
    public string? Worker { get; init; }

    /// <summary>Goes up with every sign of life of the worker.</summary>
    public long Beat { get; init; }

    /// <summary>How many workers died with it since it got further.</summary>
    public int Losses { get; init; }

    public string? Reason { get; init; }

    public ChannelConfig? Config { get; init; }

    /// <summary>What the found network costs, in millions of the budgets' metric.</summary>
    public double? Cost { get; init; }

    public DmcpTrialMetrics? Metrics { get; init; }

    public DmcpTrialProgress? Progress { get; init; }

    public double? Started { get; init; }

    public double? Ended { get; init; }

    public double Seconds { get; init; }

    public IReadOnlyList<DmcpEpoch> Epochs { get; init; } = [];

    public bool IsOver => State is DmcpTrialState.Completed or DmcpTrialState.Stopped or DmcpTrialState.Failed;

    /// <summary>Validation accuracy after an epoch of the training; null where it has not got there.</summary>
    public double? AccuracyAfter(int epoch) =>
        Epochs.FirstOrDefault(e => e.Phase == TrainingPhase.Retrain && e.Epoch == epoch)?.ValidationAccuracy;
}
