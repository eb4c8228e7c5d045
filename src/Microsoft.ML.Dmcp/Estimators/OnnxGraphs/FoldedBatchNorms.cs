namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>
/// The batch norms that become part of the convolution before them, which nothing else may read: y = s·(w∗x + b) + t with
/// s = γ/√(σ² + ε) and t = β − s·μ is the convolution with the weights s·w and the bias s·b + t.
/// </summary>
internal sealed class FoldedBatchNorms
{
    private readonly Dictionary<string, BatchNormLayer> _behind = [];
    private readonly HashSet<string> _folded = [];

    /// <param name="network">Whose batch norms.</param>
    public FoldedBatchNorms(NetworkDescription network)
    {
        var readers = network.Layers.SelectMany(l => l.Inputs).CountBy(i => i).ToDictionary();
        foreach (var norm in network.Layers.OfType<BatchNormLayer>())
        {
            var input = norm.Inputs[0];
            if (network.Layers[input] is not ConvLayer conv || readers[input] > 1)
                continue;
            _behind.Add(conv.Name, norm);
            _folded.Add(norm.Name);
        }
    }

    /// <summary>Whether the layer needs no node of its own.</summary>
    public bool Contains(BatchNormLayer norm) => _folded.Contains(norm.Name);

    /// <summary>The weight and the bias of a convolution with the batch norm that is folded into it; without where there is none.</summary>
    /// <param name="conv">The convolution.</param>
    /// <param name="weights">The weights of the network.</param>
    public (float[] Weight, float[]? Bias) WeightsOf(ConvLayer conv, LayerWeights weights)
    {
        var weight = weights.Of(conv, "weight");
        var bias = conv.HasBias ? weights.Of(conv, "bias") : null;
        if (!_behind.TryGetValue(conv.Name, out var norm))
            return (weight, bias);
        var (scale, shift) = (weights.Of(norm, "weight"), weights.Of(norm, "bias"));
        var (mean, variance) = (weights.Of(norm, "running_mean"), weights.Of(norm, "running_var"));
        var folded = new float[scale.Length];
        var filter = weight.Length / scale.Length;
        for (var c = 0; c < scale.Length; c++)
        {
            var factor = scale[c] / Math.Sqrt(variance[c] + norm.Epsilon);
            folded[c] = (float)(factor * ((bias?[c] ?? 0.0) - mean[c]) + shift[c]);
            foreach (ref var w in weight.AsSpan(c * filter, filter))
                w = (float)(factor * w);
        }
        return (weight, folded);
    }
}
