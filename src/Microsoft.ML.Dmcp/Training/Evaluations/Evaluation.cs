using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary>Accuracy of a network, at any widths, on labelled images.</summary>
internal static class Evaluation
{
    /// <summary>Share of the images that are classified rightly, with the running statistics.</summary>
    /// <param name="network">The network.</param>
    /// <param name="widths">The sub-network; null for the full widths.</param>
    /// <param name="set">The images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    /// <param name="batchSize">Images of a batch.</param>
    /// <param name="whileRunning">Called before every batch; ends it by an exception.</param>
    public static double Accuracy(SlimmableNetwork network, IReadOnlyList<int>? widths, ImageSet set, BatchSource batches, int batchSize, Action? whileRunning = null)
    {
        var order = Enumerable.Range(0, set.Count).ToArray();
        using var noGradient = no_grad();
        using var mean = new RunningMean(1, network.Device);
        for (var start = 0; start < set.Count; start += batchSize)
        {
            whileRunning?.Invoke();
            using var scope = NewDisposeScope();
            var batch = batches.Make(set, new ArraySegment<int>(order, start, Math.Min(batchSize, set.Count - start)), AugmentationPlan.None, null);
            var scores = network.Run(batch.Images, new NetworkPass(NormStatistics.Running, widths));
            // Scores that are no numbers are of no class, whichever argmax takes.
            mean.Add(0, scores.argmax(1).eq(batch.Labels).logical_and(scores.isfinite().all(1)).sum(), batch.Count);
        }
        return mean.Read()[0] ?? 0;
    }

    /// <summary>Number of rows whose highest score is their label's, a scalar.</summary>
    public static Tensor Correct(Tensor scores, Tensor labels) => scores.argmax(1).eq(labels).sum();
}
