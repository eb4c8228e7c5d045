using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary>Checks what a training left behind: its last step may have spoilt what its losses did not show.</summary>
internal static class FiniteNetwork
{
    // All of a small set; of a large one enough to find what is not rare.
    private const int MostImages = 2000;

    /// <summary>Checks weights and running statistics.</summary>
    /// <exception cref="InvalidOperationException">One is no finite number.</exception>
    public static void RequireWeights(SlimmableNetwork network, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!stack(network.state_dict().Values.Select(v => v.isfinite().all())).all().item<bool>())
            throw Diverged("its weights are no finite numbers", options);
    }

    /// <summary>Checks weights, running statistics and the scores of training images.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="set">Training images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="whileRunning">Called before every batch; ends the check by an exception.</param>
    /// <exception cref="InvalidOperationException">One is no finite number.</exception>
    public static void Require(SlimmableNetwork network, ImageSet set, BatchSource batches, TrainingOptions options, Action whileRunning)
    {
        RequireWeights(network, options);
        using var noGradient = no_grad();
        var images = Math.Min(set.Count, MostImages);
        var wrong = 0L;
        for (var start = 0; start < images; start += options.BatchSize)
        {
            whileRunning();
            using var scope = NewDisposeScope();
            var batch = batches.Make(set, Enumerable.Range(start, Math.Min(options.BatchSize, images - start)).ToArray(), AugmentationPlan.None, null);
            wrong += batch.Count - network.Run(batch.Images, new NetworkPass(NormStatistics.Running)).isfinite().all(1).sum().item<long>();
        }
        if (wrong > 0)
            throw Diverged($"the scores of {wrong} of {images} training images are no finite numbers", options);
    }

    private static InvalidOperationException Diverged(string what, TrainingOptions options) =>
        new(FormattableString.Invariant($"The training diverged: {what}. Lower LearningRate (now up to {options.LearningRate.Peak})."));
}
