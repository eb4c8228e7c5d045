using System.Globalization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A run of an experiment as it stood when it was read: what is tried, how far it is, and what came out. The counterpart of
/// <c>RunDetail</c> in ML.NET's AutoML.
/// </summary>
public sealed record DmcpTrial
{
    private readonly Lazy<ITransformer> _model;

    internal DmcpTrial(Func<ITransformer> load) => _model = new Lazy<ITransformer>(load);

    /// <summary>Number in the experiment, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the unpruned network.</summary>
    public required string Network { get; init; }

    /// <summary>How the widths are found.</summary>
    public required DmcpTrialMethod Method { get; init; }

    /// <summary>What the network may cost; null for shared weights.</summary>
    public required Budget? Budget { get; init; }

    /// <summary>Seed of all randomness.</summary>
    public required int Seed { get; init; }

    /// <summary>Where it stands.</summary>
    public required DmcpTrialState State { get; init; }

    /// <summary>Why it was stopped or failed; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>The trial whose α the search began with; null where it began at equal α.</summary>
    public int? Neighbour { get; init; }

    /// <summary>The found widths; null until they are found.</summary>
    public ChannelConfig? ChannelConfig { get; init; }

    /// <summary>What the found network costs: millions of FLOPs or parameters, or milliseconds, as the budgets limit them.</summary>
    public double? Cost { get; init; }

    /// <summary>What the trained network is worth on the validation images; null until it is trained.</summary>
    public DmcpTrialMetrics? ValidationMetrics { get; init; }

    /// <summary>The curves so far.</summary>
    public IReadOnlyList<DmcpEpoch> Epochs { get; init; } = [];

    /// <summary>What the worker last said of the run; null where none has it.</summary>
    public DmcpTrialProgress? Progress { get; init; }

    /// <summary>Time that was spent on it, on all workers together.</summary>
    public double RuntimeInSeconds { get; init; }

    /// <summary>When it was begun, by the clock of the store; null before.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended, by the clock of the store; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>File of the model, as <c>ml.Model.Load</c> reads it; null until the trial is completed.</summary>
    public string? ModelPath { get; init; }

    /// <summary>What is tried, in a few words.</summary>
    public string TrainerName => Budget is null
        ? $"shared weights of {Network}"
        : $"{Network} at {Budget} by {NameOf(Method)}{(Seed == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", seed {Seed}"))}";

    /// <summary>The trained pipeline, loaded when it is first asked for. Dispose of it where it is <see cref="IDisposable"/>.</summary>
    /// <exception cref="InvalidOperationException">The trial has none; the message says why.</exception>
    /// <exception cref="FileNotFoundException">Its file is gone.</exception>
    public ITransformer Model => _model.Value;

    /// <summary>Whether nothing more happens to it.</summary>
    public bool IsOver => State is DmcpTrialState.Completed or DmcpTrialState.Stopped or DmcpTrialState.Failed;

    /// <inheritdoc/>
    public override string ToString() => $"{Number}: {TrainerName}: {Outcome}";

    private string Outcome => State switch
    {
        DmcpTrialState.Completed when ValidationMetrics is { } metrics => string.Create(CultureInfo.InvariantCulture,
            $"accuracy {100 * metrics.MicroAccuracy:0.0} % at {Cost:0.###} {Unit}"),
        DmcpTrialState.Completed => "done",
        DmcpTrialState.Stopped or DmcpTrialState.Failed => $"{State.ToString().ToLowerInvariant()}: {Reason}",
        DmcpTrialState.Running when Progress is { } progress => progress.ToString(),
        _ => State.ToString().ToLowerInvariant(),
    };

    private string Unit => Budget?.Limits[0].Metric switch
    {
        BudgetMetric.Parameters => "M parameters",
        BudgetMetric.Latency => "ms",
        _ => "MFLOPs",
    };

    private static string NameOf(DmcpTrialMethod method) => method switch
    {
        DmcpTrialMethod.Dmcp => "DMCP",
        DmcpTrialMethod.Uniform => "uniform widths",
        _ => "global pruning",
    };
}
