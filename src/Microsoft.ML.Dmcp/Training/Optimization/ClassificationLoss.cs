using Microsoft.ML.Dmcp.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>The loss of the labels: cross entropy (Eq. 14), with label smoothing and a weight for every class.</summary>
internal sealed class ClassificationLoss : IDisposable
{
    private readonly double _smoothing;
    private readonly Tensor? _weights;

    /// <summary>Plain cross entropy.</summary>
    public ClassificationLoss()
    {
    }

    /// <param name="options">Smoothing and weights; checked, for these classes too.</param>
    /// <param name="set">The images, whose classes the weights are for.</param>
    /// <param name="device">Where the scores are.</param>
    public ClassificationLoss(TrainingOptions options, ImageSet set, Device device)
    {
        _smoothing = options.LabelSmoothing;
        if (WeightsOf(options, set) is not { } weights)
            return;
        using var scope = NewDisposeScope();
        _weights = tensor(weights).to(device).DetachFromDisposeScope();
    }

    /// <summary>The (weighted) mean over a batch, a scalar.</summary>
    /// <param name="scores">Logits, [N, classes].</param>
    /// <param name="labels">Classes, [N].</param>
    public Tensor Of(Tensor scores, Tensor labels) => Losses.CrossEntropy(scores, labels, _smoothing, _weights);

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
