using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What searches have in common that train a network together with sub-networks of it, which share its weights (sandwich rule).
/// </summary>
public abstract class SandwichSearchOptions : ChannelSearchOptions
{
    private const double ShrinkingShare = 0.7;
    private const double FineStep = 0.05;

    /// <summary>
    /// Which widths a channel group can have. When null (default), 0.1 to 1 in steps of 0.1 for fresh weights (the paper). Where the run
    /// begins with given weights, in steps of 0.05 from half of the uniform widths within the budget, but not more than half of a group:
    /// networks far below the budget wreck the weights of all others. DMCP goes down to 0.1 there, and trains no narrower network than one
    /// of half of the expected widths.
    /// </summary>
    public WidthRange? Widths;

    /// <summary>
    /// Share of the training images of every class that structures are evaluated on, and that no weights are trained on, in [0, 1). Default
    /// 0.1. DMCP compares its result with uniform widths on them (on training images where the share is too small for one).
    /// </summary>
    public double EvaluationShare = 0.1;

    /// <summary>
    /// Whether the search gives the uniform widths of the budget where these classify more of the evaluated images correctly, with the
    /// weights of the search, than what it found. Log, channel config and transformer say so. Off by default.
    /// </summary>
    public bool FallBackToUniform;

    /// <summary>Random sub-networks trained in every iteration beside the widest and the narrowest (sandwich rule). Default 2.</summary>
    public int RandomSubNetworks = 2;

    /// <summary>
    /// Whether the channels of given weights (<see cref="ImageRunOptions.WeightsPath"/>) are sorted by importance first, which changes no
    /// score: the first k channels of a group, which are what is kept, are then the best k. When null (default), they are sorted unless the
    /// weights come from a run that trained sub-networks of first channels already.
    /// </summary>
    public bool? SortChannels;

    /// <summary>
    /// Whether the narrowest network shrinks from the full widths to its own in the first 70 % of the warm-up (progressive shrinking,
    /// Once-for-all), which is gentle to given weights: the usual sandwich trains a network of a tenth of the widths from the first
    /// iteration on. When null (default), where the run begins with given weights.
    /// </summary>
    public bool? ProgressiveShrinking;

    /// <summary>
    /// Whether sub-networks learn from the widest network's probabilities (in-place distillation) rather than from the labels. On by
    /// default.
    /// </summary>
    public bool Distillation = true;

    /// <summary>
    /// Whether all networks learn from the given weights as they were rather than from the widest network as it is while it is trained.
    /// When null (default), where the weights are of an unpruned network that was trained by itself, on these classes.
    /// </summary>
    public bool? FrozenTeacher;

    /// <summary>Temperature that both sides of the distillation are divided by. Default 1.</summary>
    public double DistillationTemperature = 1;

    /// <summary>Weight of the distillation. Default 1.</summary>
    public double DistillationWeight = 1;

    /// <summary>Whether distilled sub-networks learn from the labels too. Off by default.</summary>
    public bool DistillationHardLabel;

    // The gradients of several networks are summed up.
    private protected override LearningRateSchedule ScheduleOfGivenWeights { get; } =
        new(Peak: 0.003, Final: 0, WarmUpFrom: 0.0003, WarmUpShare: 0.05);

    private protected override int SummedGradients => RandomSubNetworks + 2;

    /// <summary>How sub-networks are distilled; null when they are not.</summary>
    internal Distillation? DistillationOfSubNetworks =>
        Distillation ? new Distillation(DistillationTemperature, DistillationWeight, DistillationHardLabel) : null;

    private protected string DistillationText => DistillationOfSubNetworks is { } distillation
        ? Text($"weight {distillation.Weight}, temperature {distillation.Temperature}, hard label {distillation.HardLabel}") : "none";

    /// <summary>The widths that the groups of a network can have: <see cref="Widths"/>, or what stands for null.</summary>
    /// <param name="network">The unpruned network.</param>
    public WidthRange RangeFor(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!IsGentle)
            return Widths ?? new WidthRange();
        var uniform = WidthAllocation.Uniform(network, new AllowedWidths(network), Budget.Of(network)).Factor;
        return new WidthRange(Math.Clamp(Math.Round(uniform / 2 / FineStep) * FineStep, FineStep, LargestGentleMinimum), 1, FineStep);
    }

    /// <summary>
    /// Whether the run keeps to widths that given weights can stand: networks far below the budget wreck the weights of all others.
    /// </summary>
    internal bool IsGentle => Widths is null && WeightsPath is not null;

    /// <summary>The largest narrowest width of a gentle run.</summary>
    private protected virtual double LargestGentleMinimum => 0.5;

    /// <summary>Share of the blocks of channels that are kept at least, in an iteration.</summary>
    /// <param name="iteration">From 0.</param>
    /// <param name="warmUp">Iterations of the warm-up.</param>
    internal double LeastShare(long iteration, long warmUp) =>
        (ProgressiveShrinking ?? WeightsPath is not null) && iteration < ShrinkingShare * warmUp
            ? 1 - iteration / (ShrinkingShare * warmUp) : 0;

    /// <summary>Whether the channels of weights of a run are sorted.</summary>
    internal bool Sorts(CheckpointIdentity origin) => SortChannels ?? !origin.HasTrainedSubNetworks;

    internal override void Check()
    {
        base.Check();
        Require(EvaluationShare is >= 0 and < 1, nameof(EvaluationShare), EvaluationShare, "a share in [0, 1)");
        Require(FrozenTeacher is not true || (WeightsPath is not null && Distillation), nameof(FrozenTeacher), FrozenTeacher,
            "false or null without WeightsPath and Distillation");
        Require(RandomSubNetworks >= 0, nameof(RandomSubNetworks), RandomSubNetworks, "0 or more");
        Require(DistillationTemperature is > 0 and < double.PositiveInfinity, nameof(DistillationTemperature), DistillationTemperature,
            "a positive number");
        Require(DistillationWeight is > 0 and < double.PositiveInfinity, nameof(DistillationWeight), DistillationWeight,
            "a positive number");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings[CheckpointIdentity.WidthsSetting] = IsGentle
            ? Text($"from half of the uniform widths, at most {LargestGentleMinimum}") : (Widths ?? new WidthRange()).ToString();
        if (SortChannels is { } sorts)
            settings["channelOrder"] = sorts ? "sorted" : "as given";
        if (ProgressiveShrinking ?? WeightsPath is not null)
            settings["progressiveShrinking"] = Text($"{ShrinkingShare} of the warm-up");
        if (EvaluationShare > 0)
            settings["evaluationShare"] = Text($"{EvaluationShare}");
        if (FallBackToUniform)
            settings["fallback"] = "uniform widths where they are better";
        if (FrozenTeacher is { } frozen)
            settings["frozenTeacher"] = Text($"{frozen}");
        return settings;
    }
}
