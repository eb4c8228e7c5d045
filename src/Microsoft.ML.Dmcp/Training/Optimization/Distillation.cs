namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>How sub-networks learn from the widest network (in-place distillation).</summary>
/// <param name="Temperature">What both sides' logits are divided by.</param>
/// <param name="Weight">Weight of the distillation.</param>
/// <param name="HardLabel">Whether they learn from the labels too.</param>
internal sealed record Distillation(double Temperature, double Weight, bool HardLabel)
{
    /// <summary>That of slimmable networks: from the widest alone, at temperature 1.</summary>
    public static Distillation Plain { get; } = new(1, 1, HardLabel: false);
}
