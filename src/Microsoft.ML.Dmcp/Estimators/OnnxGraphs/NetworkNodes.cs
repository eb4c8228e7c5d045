using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks;
using static Microsoft.ML.Dmcp.Estimators.OnnxGraphs.OnnxAttribute;

namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>Writes a trained network as nodes: normalisation, layers, scores and features.</summary>
/// <param name="graph">Where to.</param>
/// <param name="model">The network with what it needs; stays its owner's.</param>
/// <param name="folded">The batch norms that become part of the convolution before them; null for none.</param>
/// <param name="precision">In which numbers.</param>
/// <param name="opset">Version of the operators.</param>
internal sealed class NetworkNodes(
    IOnnxGraph graph, PrunedModel model, FoldedBatchNorms? folded, GraphPrecision precision, int opset)
{
    // A protobuf message has at most 2 GB; what is not weights stays far below the difference.
    private const long LargestWeights = int.MaxValue - (1 << 26);

    private readonly LayerNodes _layers = new(graph, new LayerWeights(model.Network), folded, precision, opset);

    /// <exception cref="InvalidOperationException">So many bytes of weights are too many.</exception>
    public static void RequireSize(long bytes)
    {
        if (bytes > LargestWeights)
            throw new InvalidOperationException(FormattableString.Invariant($"The network has {bytes / 1e9:0.0} GB of weights; ") +
                "an ONNX file holds at most 2 GB. Prune it more, or give it a smaller width multiplier.");
    }

    /// <summary>Subtracts the mean from pixels [N, C, H, W] and divides by the deviation.</summary>
    /// <returns>What the network reads.</returns>
    public string Normalize(string pixels)
    {
        // The product multiplies by the reciprocal, too: the pixels are the same to the last bit.
        var (mean, deviation) = (model.Normalization.Mean, model.Normalization.Deviation);
        var center = graph.AddConstant("pixel_mean", [.. mean], 1, mean.Count, 1, 1);
        var scale = graph.AddConstant("pixel_scale", [.. deviation.Select(d => 1 / d)], 1, deviation.Count, 1, 1);
        return graph.AddNode("Mul", "normalized", [graph.AddNode("Sub", "centered", [pixels, center]), scale]);
    }

    /// <summary>Adds all layers.</summary>
    /// <param name="images">Normalised images, [N, C, H, W].</param>
    /// <param name="softmax">Whether the scores are probabilities rather than logits.</param>
    /// <param name="embedding">Whether the features behind the scores are wanted.</param>
    /// <returns>The scores, [N, classes], and the features, [N, features].</returns>
    public (string Scores, string? Embedding) Add(string images, bool softmax, bool embedding)
    {
        var network = model.Network.Description;
        var values = new List<OnnxValue> { new(precision.Value(0, images), IsFlat: false) };
        foreach (var layer in network.Layers.Skip(1))
        {
            OnnxValue[] read = [.. layer.Inputs.Select(i => values[i])];
            var value = _layers.Add(layer, read);
            // What passes on is written already.
            var passes = value == read[0] && layer is not BatchNormLayer;
            values.Add(passes ? value : value with { Name = precision.Value(values.Count, value.Name) });
        }
        var source = network.Layers[model.Network.EmbeddingReader].Inputs[0];
        var features = embedding ? Embedding(values[source], network.Shapes[source]) : null;
        var scores = _layers.Flatten("flatten", values[^1]).Name;
        return (softmax ? graph.AddNode("Softmax", "softmax", [scores], Int("axis", 1)) : scores, features);
    }

    private string Embedding(OnnxValue value, ValueShape shape)
    {
        // A node of its own: the value may be what the scores are made of.
        if (value.IsFlat)
            return graph.AddNode("Identity", "embedding", [value.Name]);
        var pooled = shape is { Height: 1, Width: 1 } ? value.Name : graph.AddNode("GlobalAveragePool", "embedding_pool", [value.Name]);
        return graph.AddNode("Flatten", "embedding", [pooled], Int("axis", 1));
    }
}
