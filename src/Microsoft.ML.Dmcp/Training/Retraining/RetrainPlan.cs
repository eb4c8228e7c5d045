using Microsoft.ML.Dmcp.Training.Checkpoints;

namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>Which pruned network is made, and how its weights come about.</summary>
/// <param name="Unpruned">The unpruned network.</param>
/// <param name="Kept">The kept channels of every channel group.</param>
/// <param name="Method">How the weights come about.</param>
/// <param name="WeightsPath">Checkpoint with weights of the unpruned network; needed for fine-tuning and calibration.</param>
/// <param name="RandomSubNetworks">Random networks of the slimmable method in every iteration.</param>
internal sealed record RetrainPlan(
    NetworkDescription Unpruned, IReadOnlyList<IReadOnlyList<int>> Kept, RetrainMethod Method,
    string? WeightsPath = null, int RandomSubNetworks = 0)
{
    /// <summary>Widths of the pruned network.</summary>
    public int[] Widths { get; } = Kept.Select(k => k.Count).ToArray();

    /// <summary>The settings of the plan, as text for checkpoints.</summary>
    public IEnumerable<(string Name, string Value)> ToSettings()
    {
        yield return ("method", Method.ToString());
        yield return (CheckpointIdentity.WidthsSetting, string.Join(' ', Widths));
        if (Method == RetrainMethod.FineTuning)
            yield return ("kept", string.Join(' ', Kept.SelectMany(k => k)));
        yield return ("randomSubNetworks", FormattableString.Invariant($"{RandomSubNetworks}"));
    }
}
