using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
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
        var correct = new List<bool>(images.Set.Count);
        foreach (var indices in images.InOrder())
        {
            log.ThrowIfCanceled();
            using var scope = NewDisposeScope();
            var batch = images.Make(indices);
            var scores = network.Run(batch.Images, new NetworkPass(NormStatistics.Running, widths));
            // Scores that are no numbers are of no class, whichever argmax takes.
            var isRight = scores.argmax(1).eq(batch.Labels).logical_and(scores.isfinite().all(1));
            correct.AddRange(isRight.cpu().data<bool>().ToArray());
        }
        return [.. correct];
    }

    /// <summary>Number of rows whose highest score is their label's, a scalar.</summary>
    public static Tensor Correct(Tensor scores, Tensor labels) => scores.argmax(1).eq(labels).sum();
}
