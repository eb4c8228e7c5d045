using Microsoft.ML.Dmcp.Training.Checkpoints;

namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>Which pruned network is made, and how its weights come about.</summary>
/// <param name="Unpruned">The unpruned network.</param>
/// <param name="Kept">The kept channels of every channel group.</param>
/// <param name="Method">How the weights come about.</param>
/// <param name="WeightsPath">Checkpoint with weights of the unpruned network; needed for fine-tuning and calibration.</param>
/// <param name="RandomSubNetworks">Random networks of the slimmable method in every iteration.</param>
/// <param name="DistillationWeight">
/// Weight of the unpruned network's probabilities against the labels in fine-tuning, 0 for labels alone; null for what suits the weights.
/// </param>
/// <param name="DistillationTemperature">What the logits of both are divided by.</param>
internal sealed record RetrainPlan(
    NetworkDescription Unpruned, IReadOnlyList<IReadOnlyList<int>> Kept, RetrainMethod Method,
    string? WeightsPath = null, int RandomSubNetworks = 0, double? DistillationWeight = null, double DistillationTemperature = 1)
{
    private const double UsualDistillation = 0.5;

    /// <summary>Widths of the pruned network.</summary>
    public int[] Widths { get; } = Kept.Select(k => k.Count).ToArray();

    /// <summary>
    /// The plan with a weight of the distillation: of a network that was trained by itself, on these classes, there is something to learn.
    /// </summary>
    /// <param name="origin">The run that the weights are of.</param>
    public RetrainPlan WithWeightsOf(CheckpointIdentity origin) =>
        this with { DistillationWeight = DistillationWeight ?? (origin.IsOfOneNetwork ? UsualDistillation : 0) };

    /// <summary>The settings of the plan, as text for checkpoints.</summary>
    public IEnumerable<(string Name, string Value)> ToSettings()
    {
        yield return ("method", Method.ToString());
        yield return (CheckpointIdentity.WidthsSetting, string.Join(' ', Widths));
        if (Method == RetrainMethod.FineTuning)
            yield return ("kept", string.Join(' ', Kept.SelectMany(k => k)));
        yield return ("randomSubNetworks", FormattableString.Invariant($"{RandomSubNetworks}"));
        // The first checkpoints do not name it.
        if (DistillationWeight > 0)
            yield return ("distillation",
                FormattableString.Invariant($"weight {DistillationWeight}, temperature {DistillationTemperature}"));
    }
}
