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
    /// <param name="images">Training images.</param>
    /// <param name="count">How many batches at most.</param>
    /// <param name="random">Which images.</param>
    /// <param name="log">Of the run, which may be cancelled between batches.</param>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public static void Run(
        SlimmableNetwork network, IReadOnlyList<int>? widths, ImageBatches images, int count, RandomSource random, RunLog log)
    {
        var plan = images.Plan;
        var order = plan.Shuffle(random);
        using var noGradient = no_grad();
        for (var n = 0; n < Math.Min(count, plan.Batches); n++)
        {
            log.ThrowIfCanceled(images.Ranks);
            using var scope = NewDisposeScope();
            var batch = images.Make(images.ShareOf(plan.Batch(order, n)));
            network.Run(batch.Images, new NetworkPass(NormStatistics.BatchTracked, widths, Momentum: 1.0 / (n + 1), Ranks: images.Ranks));
        }
    }
}
