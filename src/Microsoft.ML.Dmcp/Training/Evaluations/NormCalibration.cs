using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary>
/// Recomputes the running statistics of a sub-network's batch norms on training batches, as a cumulative average: batch n enters with
/// weight 1/n. (The release enters every batch with weight 1, so that only the last counts.)
/// </summary>
internal static class NormCalibration
{
    /// <summary>Calibrates the network for the given widths.</summary>
    /// <param name="network">The network.</param>
    /// <param name="widths">The sub-network; null for the full widths.</param>
    /// <param name="set">Training images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    /// <param name="batchSize">Images of a batch.</param>
    /// <param name="count">How many batches at most.</param>
    /// <param name="random">Which images.</param>
    /// <param name="whileRunning">Called before every batch; ends it by an exception.</param>
    public static void Run(
        SlimmableNetwork network, IReadOnlyList<int>? widths, ImageSet set, BatchSource batches, int batchSize, int count, RandomSource random, Action? whileRunning = null)
    {
        var plan = new EpochPlan(set.Count, batchSize);
        var order = plan.Shuffle(random);
        using var noGradient = no_grad();
        for (var n = 0; n < Math.Min(count, plan.Batches); n++)
        {
            whileRunning?.Invoke();
            using var scope = NewDisposeScope();
            var batch = batches.Make(set, plan.Batch(order, n), AugmentationPlan.None, null);
            network.Run(batch.Images, new NetworkPass(NormStatistics.BatchTracked, widths, Momentum: 1.0 / (n + 1)));
        }
    }
}
