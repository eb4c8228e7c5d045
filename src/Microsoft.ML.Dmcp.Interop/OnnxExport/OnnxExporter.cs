using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Networks;
using Onnx;
using static Microsoft.ML.Dmcp.Interop.OnnxExport.OnnxAttributes;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>Turns a trained network into an ONNX model.</summary>
internal static class OnnxExporter
{
    // A protobuf message has at most 2 GB; what is not weights stays far below the difference.
    private const long LargestWeights = int.MaxValue - (1 << 26);

    /// <summary>The ONNX model of a trained network.</summary>
    /// <param name="model">The network with what it needs; stays its owner's.</param>
    /// <param name="options">Checked options.</param>
    /// <exception cref="InvalidOperationException">The network is too large.</exception>
    public static ModelProto Export(PrunedModel model, OnnxExportOptions options)
    {
        var weights = new LayerWeights(model.Network);
        RequireSize(sizeof(float) * weights.Count);
        var proto = new ModelProto
        {
            IrVersion = (long)IrVersionOf(options.Opset),
            ProducerName = OnnxMetadata.LibraryName,
            ProducerVersion = OnnxMetadata.LibraryVersion,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = options.Opset } },
            Graph = Graph(model, weights, options),
        };
        foreach (var (key, value) in OnnxMetadata.Of(model, options))
            proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return proto;
    }

    /// <exception cref="InvalidOperationException">So many bytes of weights are too many.</exception>
    internal static void RequireSize(long bytes)
    {
        if (bytes > LargestWeights)
            throw new InvalidOperationException(FormattableString.Invariant($"The network has {bytes / 1e9:0.0} GB of weights; ") +
                "an ONNX file holds at most 2 GB. Prune it more, or give it a smaller width multiplier.");
    }

    private static GraphProto Graph(PrunedModel model, LayerWeights weights, OnnxExportOptions options)
    {
        var network = model.Network.Description;
        var graph = new OnnxGraph(network.Name, [options.InputName, options.OutputName, options.EmbeddingName ?? options.InputName]);
        var folded = options.FoldBatchNorm ? new FoldedBatchNorms(network) : null;
        var nodes = new LayerNodes(graph, weights, folded, options.Opset);
        graph.AddInput(options.InputName, network.Input.Channels, network.Input.Height, network.Input.Width);
        var input = options.NormalizePixels ? Normalized(graph, options.InputName, model.Normalization) : options.InputName;
        var values = new List<OnnxValue> { new(input, IsFlat: false) };
        foreach (var layer in network.Layers.Skip(1))
            values.Add(nodes.Add(layer, [.. layer.Inputs.Select(i => values[i])]));
        var read = network.Layers[model.Network.EmbeddingReader].Inputs[0];
        var embedding = options.EmbeddingName is null ? null : Embedding(graph, values[read], network.Shapes[read]);
        var scores = nodes.Flatten("flatten", values[^1]).Name;
        if (options.Softmax)
            scores = graph.AddNode("Softmax", "softmax", [scores], Int("axis", 1));
        graph.AddOutput(scores, options.OutputName, network.Classes);
        if (embedding is not null)
            graph.AddOutput(embedding, options.EmbeddingName!, model.Network.EmbeddingSize);
        return graph.Proto;
    }

    // The product multiplies by the reciprocal, too: the pixels are the same to the last bit.
    private static string Normalized(OnnxGraph graph, string pixels, Normalization normalization)
    {
        var mean = graph.AddConstant("pixel_mean", [.. normalization.Mean], 1, normalization.Mean.Count, 1, 1);
        var scale = graph.AddConstant(
            "pixel_scale", [.. normalization.Deviation.Select(d => 1 / d)], 1, normalization.Deviation.Count, 1, 1);
        return graph.AddNode("Mul", "normalized", [graph.AddNode("Sub", "centered", [pixels, mean]), scale]);
    }

    private static string Embedding(OnnxGraph graph, OnnxValue value, ValueShape shape)
    {
        // A node of its own: the value may be what the scores are made of.
        if (value.IsFlat)
            return graph.AddNode("Identity", "embedding", [value.Name]);
        var pooled = shape is { Height: 1, Width: 1 } ? value.Name : graph.AddNode("GlobalAveragePool", "embedding_pool", [value.Name]);
        return graph.AddNode("Flatten", "embedding", [pooled], Int("axis", 1));
    }

    // The version of the file format that came with the operators.
    private static Onnx.Version IrVersionOf(int opset) => opset switch
    {
        <= 14 => Onnx.Version.IrVersion202058,
        <= 18 => Onnx.Version.IrVersion2021730,
        <= 20 => Onnx.Version.IrVersion202355,
        _ => Onnx.Version.IrVersion2024325,
    };
}
