using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads what changes nothing here.</summary>
internal static class PassReader
{
    private static readonly string[] Tail = ["Identity", "Reshape", "Flatten", "Squeeze", "Cast", "Dropout"];

    public static OnnxValue Identity(NodeReader node) => node.Value(0);

    public static OnnxValue Cast(NodeReader node) => node.Value(0) switch
    {
        ConstantValue constant => ConstantReader.Cast(node, constant.Tensor),
        FeatureValue x when node.Integer("to", 1) is (long)TensorProto.Types.DataType.Float or (long)TensorProto.Types.DataType.Double
            or (long)TensorProto.Types.DataType.Float16 => x,
        _ => throw node.Invalid("it makes integers of features"),
    };

    /// <summary>Scores are trained without softmax: at the end it is left out.</summary>
    public static OnnxValue Softmax(NodeReader node)
    {
        var value = node.Node.Output[0];
        while (value != node.Network.Graph.Output)
        {
            var readers = node.Network.Graph.ReadersOf(value);
            if (readers is not [var next] || !Tail.Contains(next.OpType))
                throw node.Invalid("it is not the end of the network: attention is not read");
            value = next.Output[0];
        }
        return node.Plain(0);
    }
}
