using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>
/// Sorts the channels of given weights by importance, which changes no score: methods that keep the first k channels of a group keep the
/// best k then.
/// </summary>
internal static class ChannelSorting
{
    /// <summary>
    /// Sorts by <see cref="FilterCriterion.Taylor"/>; by the L1 norm of the filters where the classifier is fresh, whose gradients say
    /// nothing.
    /// </summary>
    /// <param name="network">The network; changed in place.</param>
    /// <param name="loss">The loss of the labels.</param>
    /// <param name="images">Training images.</param>
    /// <param name="seed">Which of them.</param>
    /// <param name="log">Of the run, which may be cancelled meanwhile.</param>
    public static void Run(SlimmableNetwork network, ClassificationLoss loss, ImageBatches images, int seed, RunLog log)
    {
        var (importance, criterion) = network.FreshClassifier is null
            ? (TaylorImportance.Of(network, images, loss, TaylorImportance.UsualBatches, new RandomSource(seed).Fork("importance"), log), "Taylor")
            : (FilterImportance.Of(network, FilterCriterion.L1Norm), "L1 norm");
        ChannelOrder.Sort(network, importance);
        Tell(log, criterion);
    }

    /// <summary>Says that the channels are sorted.</summary>
    /// <param name="log">Of the run.</param>
    /// <param name="by">What made one more important than another.</param>
    public static void Tell(RunLog log, string by) =>
        log.Info($"The channels of the given weights are sorted by importance ({by}): the first ones are the best.");
}
