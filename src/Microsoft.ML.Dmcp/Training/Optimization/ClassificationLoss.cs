using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>The loss of the labels: cross entropy (Eq. 14), with label smoothing and a weight for every class.</summary>
/// <param name="smoothing">Share of the label's probability spread over all classes.</param>
/// <param name="classWeights">Weight of every class; null for equal ones.</param>
/// <param name="device">Where the scores are.</param>
internal sealed class ClassificationLoss(double smoothing, IReadOnlyList<float>? classWeights, Device device) : IDisposable
{
    private readonly Tensor? _weights = classWeights is null ? null : Weights(classWeights, device);

    /// <summary>The (weighted) mean over a batch, a scalar.</summary>
    /// <param name="scores">Logits, [N, classes].</param>
    /// <param name="labels">Classes, [N].</param>
    public Tensor Of(Tensor scores, Tensor labels) => Losses.CrossEntropy(scores, labels, smoothing, _weights);

    public void Dispose() => _weights?.Dispose();

    private static Tensor Weights(IReadOnlyList<float> weights, Device device)
    {
        using var scope = NewDisposeScope();
        return tensor(weights.ToArray()).to(device).DetachFromDisposeScope();
    }
}
