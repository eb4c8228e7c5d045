using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>The loss of the labels: cross entropy (Eq. 14), with label smoothing and a weight for every class.</summary>
internal sealed class ClassificationLoss : IDisposable
{
    private readonly double _smoothing;
    private readonly Tensor? _weights;
    private readonly Ranks? _ranks;

    /// <summary>Plain cross entropy.</summary>
    public ClassificationLoss()
    {
    }

    /// <param name="options">Smoothing and weights; checked, for these classes too.</param>
    /// <param name="set">The images, whose classes the weights are for.</param>
    /// <param name="device">Where the scores are.</param>
    /// <param name="ranks">The processes that share every batch; null for one process.</param>
    public ClassificationLoss(TrainingOptions options, ImageSet set, Device device, Ranks? ranks = null)
    {
        (_smoothing, _ranks) = (options.LabelSmoothing, ranks);
        if (WeightsOf(options, set) is not { } weights)
            return;
        using var scope = NewDisposeScope();
        _weights = tensor(weights).to(device).DetachFromDisposeScope();
    }

    /// <summary>
    /// The (weighted) mean over a batch, a scalar. Of several ranks' values, the mean is that of the whole batch.
    /// </summary>
    /// <param name="scores">Logits, [N, classes].</param>
    /// <param name="labels">Classes, [N].</param>
    public Tensor Of(Tensor scores, Tensor labels)
    {
        var loss = Losses.CrossEntropy(scores, labels, _smoothing, _weights);
        return _weights is null || _ranks is null ? loss : loss.mul(ShareOfWeights(labels, _weights, _ranks));
    }

    /// <summary>What the labels of this rank weigh against the mean over all ranks.</summary>
    private static Tensor ShareOfWeights(Tensor labels, Tensor weights, Ranks ranks)
    {
        using var noGradient = no_grad();
        var own = weights.index_select(0, labels).sum();
        var mean = own.clone();
        ranks.Average(mean);
        return own.div(mean);
    }

    public void Dispose() => _weights?.Dispose();

    /// <summary>The weight of every class; null where all weigh the same.</summary>
    private static float[]? WeightsOf(TrainingOptions options, ImageSet set)
    {
        if (options.BalanceClasses)
        {
            var images = new int[set.Classes];
            foreach (var label in set.Labels)
                images[label]++;
            return images.Select(n => (float)((double)set.Count / (set.Classes * n))).ToArray();
        }
        if (options.ClassWeights is not { } given)
            return null;
        return set.ClassNames.Select(name => (float)given.GetValueOrDefault(name, 1)).ToArray();
    }
}
