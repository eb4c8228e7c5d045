using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using static Microsoft.ML.Dmcp.Estimators.OnnxGraphs.OnnxAttribute;

namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>A trained network in the graph of ML.NET's converter, between a column of pixels and the columns of a prediction.</summary>
/// <param name="graph">The graph.</param>
/// <param name="model">The network with what it needs; stays its owner's.</param>
internal sealed class ConvertedNetwork(OnnxContextGraph graph, PrunedModel model)
{
    // As ONNX numbers its types.
    private const int Float32 = 1, UInt32 = 12;

    /// <summary>Adds the nodes and sets the columns.</summary>
    /// <param name="vectors">Pixels of the images, each a vector, or of several dimensions: whatever the column's type says.</param>
    /// <param name="item">Type of a pixel.</param>
    /// <param name="columns">Predicted label, score and, if asked for, embedding.</param>
    /// <exception cref="InvalidOperationException">The network is too large.</exception>
    public void Add(string vectors, DataViewType item, IReadOnlyList<DataViewSchema.DetachedColumn> columns)
    {
        NetworkNodes.RequireSize(LayerWeights.SizeOf(model.Network));
        var folded = new FoldedBatchNorms(model.Network.Description);
        var nodes = new NetworkNodes(graph, model, folded, new GraphPrecision(graph), OnnxContextGraph.Opset);
        var (scores, embedding) = nodes.Add(nodes.Normalize(Images(vectors, item)), softmax: true, embedding: columns.Count > 2);
        graph.SetColumn(columns[0], Likeliest(scores));
        graph.SetColumn(columns[1], scores);
        if (embedding is not null)
            graph.SetColumn(columns[2], embedding);
    }

    // [N, C, H, W] of floats.
    private string Images(string vectors, DataViewType item)
    {
        var input = model.Network.Description.Input;
        var values = item == NumberDataViewType.Single ? vectors : graph.AddNode("Cast", "floats", [vectors], Int("to", Float32));
        return model.Vector.Layout == PixelLayout.Planar
            ? Reshape(values, input.Channels, input.Height, input.Width)
            : graph.AddNode(
                "Transpose", "planar", [Reshape(values, input.Height, input.Width, input.Channels)], Ints("perm", 0, 3, 1, 2));
    }

    private string Reshape(string values, int first, int second, int third) =>
        graph.AddNode("Reshape", "images", [values, graph.AddIntegers("image_shape", -1, first, second, third)]);

    // Keys count from 1.
    private string Likeliest(string scores)
    {
        var index = graph.AddNode("ArgMax", "likeliest", [scores], Int("axis", 1), Int("keepdims", 1));
        return graph.AddNode("Cast", "key", [graph.AddNode("Add", "counted", [index, graph.AddIntegers("one", 1)])], Int("to", UInt32));
    }
}
