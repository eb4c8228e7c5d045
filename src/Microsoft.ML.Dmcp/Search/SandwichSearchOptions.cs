using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// What searches have in common that train a network together with sub-networks of it, which share its weights (sandwich rule).
/// </summary>
public abstract class SandwichSearchOptions : ChannelSearchOptions
{
    /// <summary>Which widths a channel group can have. Default 0.1 to 1 in steps of 0.1.</summary>
    public WidthRange Widths = new();

    /// <summary>Random sub-networks trained in every iteration beside the widest and the narrowest (sandwich rule). Default 2.</summary>
    public int RandomSubNetworks = 2;

    /// <summary>
    /// Whether the channels of given weights (<see cref="ImageRunOptions.WeightsPath"/>) are sorted by importance first, which changes no
    /// score: the first k channels of a group, which are what is kept, are then the best k. When null (default), they are sorted unless the
    /// weights come from a run that trained sub-networks of first channels already.
    /// </summary>
    public bool? SortChannels;

    /// <summary>
    /// Whether sub-networks learn from the widest network's probabilities (in-place distillation) rather than from the labels. On by
    /// default.
    /// </summary>
    public bool Distillation = true;

    /// <summary>Temperature that both sides of the distillation are divided by. Default 1.</summary>
    public double DistillationTemperature = 1;

    /// <summary>Weight of the distillation. Default 1.</summary>
    public double DistillationWeight = 1;

    /// <summary>Whether distilled sub-networks learn from the labels too. Off by default.</summary>
    public bool DistillationHardLabel;

    /// <summary>How sub-networks are distilled; null when they are not.</summary>
    internal Distillation? DistillationOfSubNetworks =>
        Distillation ? new Distillation(DistillationTemperature, DistillationWeight, DistillationHardLabel) : null;

    private protected string DistillationText => DistillationOfSubNetworks is { } distillation
        ? Text($"weight {distillation.Weight}, temperature {distillation.Temperature}, hard label {distillation.HardLabel}") : "none";

    /// <summary>Whether the channels of weights of a run are sorted.</summary>
    internal bool Sorts(CheckpointIdentity origin) => SortChannels ?? !origin.HasTrainedSubNetworks;

    internal override void Check()
    {
        base.Check();
        Require(Widths is not null, nameof(Widths), Widths, "a range, such as new WidthRange(0.1, 1.0, 0.1)");
        Require(RandomSubNetworks >= 0, nameof(RandomSubNetworks), RandomSubNetworks, "0 or more");
        Require(DistillationTemperature is > 0 and < double.PositiveInfinity, nameof(DistillationTemperature), DistillationTemperature,
            "a positive number");
        Require(DistillationWeight is > 0 and < double.PositiveInfinity, nameof(DistillationWeight), DistillationWeight,
            "a positive number");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings[CheckpointIdentity.WidthsSetting] = Widths.ToString();
        if (SortChannels is { } sorts)
            settings["channelOrder"] = sorts ? "sorted" : "as given";
        return settings;
    }
}
