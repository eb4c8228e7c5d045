using Microsoft.ML.Dmcp.Networks.Modules;
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
/// <param name="TeacherPath">Checkpoint of the network to learn from; null for <paramref name="WeightsPath"/>.</param>
/// <param name="SortChannels">Whether channels are sorted before the first are kept; null for what suits the weights.</param>
internal sealed record RetrainPlan(
    NetworkDescription Unpruned, IReadOnlyList<IReadOnlyList<int>> Kept, RetrainMethod Method,
    string? WeightsPath = null, int RandomSubNetworks = 0, double? DistillationWeight = null, double DistillationTemperature = 1,
    string? TeacherPath = null, bool? SortChannels = null)
{
    /// <summary>Widths of the pruned network.</summary>
    public int[] Widths { get; } = Kept.Select(k => k.Count).ToArray();

    private bool KeepsFirst => Kept.All(kept => kept.Count == 0 || kept[^1] == kept.Count - 1);

    private bool KeepsAll => Widths.SequenceEqual(Unpruned.FullWidths);

    /// <summary>
    /// The plan for given weights. Of a network that was trained by itself, on these classes, there is something to learn; its channels are
    /// in no order, so that the most important ones are sorted to the front.
    /// </summary>
    /// <param name="origin">The run that the weights are of.</param>
    /// <param name="network">The unpruned network, which has them.</param>
    public RetrainPlan WithWeightsOf(CheckpointIdentity origin, SlimmableNetwork network)
    {
        var hasTeacher = TeacherPath is not null || (FrozenTeacher.IsTrained(origin, network) && !KeepsAll);
        return this with
        {
            DistillationWeight = Method == RetrainMethod.FineTuning
                ? DistillationWeight ?? (hasTeacher ? FrozenTeacher.UsualWeight : 0) : null,
            SortChannels = KeepsFirst && !KeepsAll && (SortChannels ?? !origin.HasTrainedSubNetworks),
        };
    }

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
        if (DistillationWeight > 0 && TeacherPath is not null)
            yield return ("teacher", CheckpointFile.DigestOf(TeacherPath));
        if (SortChannels == true)
            yield return ("channelOrder", "sorted");
    }
}
