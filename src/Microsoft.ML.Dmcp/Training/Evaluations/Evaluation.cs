using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary>Accuracy of a network, at any widths, on labelled images.</summary>
internal static class Evaluation
{
    /// <summary>Share of the images that are classified correctly, with the running statistics.</summary>
    /// <param name="network">The network.</param>
    /// <param name="widths">The sub-network; null for the full widths.</param>
    /// <param name="images">The images.</param>
    /// <param name="log">Of the run, which may be cancelled between batches.</param>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public static double Accuracy(SlimmableNetwork network, IReadOnlyList<int>? widths, ImageBatches images, RunLog log) =>
        (double)Correct(network, widths, images, log).Count(right => right) / images.Set.Count;

    /// <summary>Which images are classified correctly, with the running statistics.</summary>
    /// <param name="network">The network.</param>
    /// <param name="widths">The sub-network; null for the full widths.</param>
    /// <param name="images">The images.</param>
    /// <param name="log">Of the run, which may be cancelled between batches.</param>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public static bool[] Correct(SlimmableNetwork network, IReadOnlyList<int>? widths, ImageBatches images, RunLog log)
    {
        using var noGradient = no_grad();
        var correct = new bool[images.Set.Count];
        foreach (var indices in images.InOrder())
        {
            log.ThrowIfCanceled(images.Ranks);
            var share = images.ShareOf(indices);
            if (share.Count == 0)
                continue;
            using var scope = NewDisposeScope();
            var batch = images.Make(share);
            var scores = network.Run(batch.Images, new NetworkPass(NormStatistics.Running, widths));
            // Scores that are no numbers are of no class, whichever argmax takes.
            var isRight = scores.argmax(1).eq(batch.Labels).logical_and(scores.isfinite().all(1));
            isRight.cpu().data<bool>().CopyTo(correct, share[0]);
        }
        return images.Ranks is null ? correct : OfAll(correct, images.Ranks);
    }

    /// <summary>What is right on any rank: every image is looked at by one.</summary>
    private static bool[] OfAll(bool[] own, Ranks ranks)
    {
        using var scope = NewDisposeScope();
        var all = tensor(own).to(ScalarType.Float32);
        ranks.Sum(all);
        return all.to(ScalarType.Bool).data<bool>().ToArray();
    }

    /// <summary>Number of rows whose highest score is their label's, a scalar.</summary>
    public static Tensor Correct(Tensor scores, Tensor labels) => scores.argmax(1).eq(labels).sum();
}
