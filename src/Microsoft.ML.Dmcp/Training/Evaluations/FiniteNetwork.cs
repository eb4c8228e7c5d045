using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Evaluations;

/// <summary>Checks what a training left behind: its last step may have spoilt what its losses did not show.</summary>
internal static class FiniteNetwork
{
    // All of a small set; of a large one enough to find what is not rare.
    private const int MostImages = 2000;

    /// <summary>Checks weights and running statistics.</summary>
    /// <exception cref="InvalidOperationException">One is not finite.</exception>
    public static void RequireWeights(SlimmableNetwork network, TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        if (!stack(network.state_dict().Values.Select(v => v.isfinite().all())).all().item<bool>())
            throw Diverged("its weights are not finite", options);
    }

    /// <summary>Checks weights, running statistics and the scores of training images.</summary>
    /// <param name="network">The trained network.</param>
    /// <param name="images">Training images.</param>
    /// <param name="options">Of the training.</param>
    /// <param name="log">Of the run, which may be cancelled between batches.</param>
    /// <exception cref="InvalidOperationException">One is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run is cancelled.</exception>
    public static void Require(SlimmableNetwork network, ImageBatches images, TrainingOptions options, RunLog log)
    {
        RequireWeights(network, options);
        using var noGradient = no_grad();
        var wrong = 0L;
        foreach (var indices in images.InOrder(MostImages))
        {
            log.ThrowIfCanceled(images.Ranks);
            var share = images.ShareOf(indices);
            if (share.Count == 0)
                continue;
            using var scope = NewDisposeScope();
            var scores = network.Run(images.Make(share).Images, new NetworkPass(NormStatistics.Running));
            wrong += share.Count - scores.isfinite().all(1).sum().item<long>();
        }
        if (images.Ranks is { } ranks)
            wrong = SumOf(wrong, ranks);
        if (wrong > 0)
            throw Diverged($"the scores of {wrong} of {Math.Min(images.Set.Count, MostImages)} training images are not finite", options);
    }

    private static long SumOf(long own, Ranks ranks)
    {
        using var scope = NewDisposeScope();
        var sum = tensor(own);
        ranks.Sum(sum);
        return sum.item<long>();
    }

    private static InvalidOperationException Diverged(string what, TrainingOptions options) =>
        new(FormattableString.Invariant($"The training diverged: {what}. Lower LearningRate (now up to {options.Schedule.Peak})."));
}
