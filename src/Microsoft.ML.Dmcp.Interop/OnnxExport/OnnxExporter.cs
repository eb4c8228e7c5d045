using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>Turns a trained network into an ONNX model.</summary>
internal static class OnnxExporter
{
    /// <summary>The ONNX model of a trained network.</summary>
    /// <param name="model">The network with what it needs; stays its owner's.</param>
    /// <param name="options">Checked options.</param>
    /// <param name="ranges">The ranges of all values, for a model in 8 bits; null for float32.</param>
    /// <exception cref="InvalidOperationException">The network is too large.</exception>
    public static ModelProto Export(PrunedModel model, OnnxExportOptions options, ActivationRanges? ranges = null)
    {
        NetworkNodes.RequireSize(LayerWeights.SizeOf(model.Network));
        var proto = new ModelProto
        {
            IrVersion = (long)IrVersionOf(options.Opset),
            ProducerName = OnnxMetadata.LibraryName,
            ProducerVersion = OnnxMetadata.LibraryVersion,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = options.Opset } },
            Graph = Graph(model, options, ranges),
        };
        foreach (var (key, value) in OnnxMetadata.Of(model, options))
            proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return proto;
    }

    private static GraphProto Graph(PrunedModel model, OnnxExportOptions options, ActivationRanges? ranges)
    {
        var network = model.Network.Description;
        var graph = new OnnxGraph(network.Name, [options.InputName, options.OutputName, options.EmbeddingName ?? options.InputName]);
        var folded = options.FoldBatchNorm ? new FoldedBatchNorms(network) : null;
        var precision = ranges is null ? new GraphPrecision(graph) : new Int8Precision(graph, network, folded!, ranges);
        var nodes = new NetworkNodes(graph, model, folded, precision, options.Opset);
        graph.AddInput(options.InputName, network.Input.Channels, network.Input.Height, network.Input.Width);
        var images = options.NormalizePixels ? nodes.Normalize(options.InputName) : options.InputName;
        var (scores, embedding) = nodes.Add(images, options.Softmax, options.EmbeddingName is not null);
        graph.AddOutput(scores, options.OutputName, network.Classes);
        if (embedding is not null)
            graph.AddOutput(embedding, options.EmbeddingName!, model.Network.EmbeddingSize);
        return graph.Proto;
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
