namespace Microsoft.ML.Dmcp;

/// <summary>Where a search or a training stands: what a metrics callback gets, several times an epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>What is going on.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>The current epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs in all.</summary>
    public required int Epochs { get; init; }

    /// <summary>Batches of this epoch that are done.</summary>
    public required int Batch { get; init; }

    /// <summary>Batches of an epoch.</summary>
    public required int Batches { get; init; }

    /// <summary>Mean cross entropy of the widest network over this epoch so far; NaN while nothing of it was computed.</summary>
    public required double Loss { get; init; }

    /// <summary>Share of training images that the widest network classified correctly over this epoch so far.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Share of the validation images that are classified correctly: at the end of an epoch, where there are some.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Cross entropy with gates on (stage 2), null when stage 2 does not run.</summary>
    public double? ArchitectureLoss { get; init; }

    /// <summary>Budget loss of Eq. 13 before λ, null when stage 2 does not run.</summary>
    public double? BudgetLoss { get; init; }

    /// <summary>Expected cost against the budget, for each of its limits; empty outside of the search phase.</summary>
    public IReadOnlyList<CostProgress> Costs { get; init; } = [];

    /// <summary>Learning rate of the weights.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Training images a second, since the run began.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Estimated time until the run ends.</summary>
    public required TimeSpan TimeLeft { get; init; }

    /// <summary>Whether this is the last report of its epoch.</summary>
    public bool EndsEpoch => Batch == Batches;
}
