using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.Dmcp.Runs;
using Onnx;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A small ONNX model with drawn weights, written as other tools write them.</summary>
internal sealed class DrawnGraph
{
    private readonly RandomSource _random = new(5);

    /// <param name="opset">Version of the operators.</param>
    /// <param name="image">Shape of the input; −1 for an open dimension.</param>
    public DrawnGraph(int opset, params long[] image)
    {
        Model = new ModelProto { IrVersion = 7, Graph = new GraphProto { Name = "g" } };
        Model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        Model.Graph.Input.Add(Value("image", image));
    }

    public ModelProto Model { get; }

    public GraphProto Graph => Model.Graph;

    /// <summary>A weight in [−0.5, 0.5).</summary>
    public string Weight(params long[] dims) => Constant(dims, () => _random.NextDouble() - 0.5);

    /// <summary>A weight in [0.5, 1.5).</summary>
    public string Positive(params long[] dims) => Constant(dims, () => _random.NextDouble() + 0.5);

    /// <summary>One number.</summary>
    public string Number(double value) => Constant([], () => value);

    /// <summary>A vector of integers.</summary>
    public string Integers(params long[] values)
    {
        var tensor = new TensorProto { Name = Next("i"), DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.Add(values.Length);
        tensor.Int64Data.AddRange(values);
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A node; its value's name.</summary>
    public string Node(string type, string inputs, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = Next(type) };
        node.Input.AddRange(inputs.Split(','));
        node.Output.Add(node.Name + "_out");
        node.Attribute.AddRange(attributes);
        Graph.Node.Add(node);
        return node.Output[0];
    }

    /// <summary>A global pool and a classifier behind a value.</summary>
    public DrawnGraph Classified(string x, int channels, int classes = 4) =>
        Ending(Node("Gemm", $"{Node("Flatten", Node("GlobalAveragePool", x))},{Weight(classes, channels)},{Weight(classes)}",
            Of("transB", 1)));

    /// <summary>The value is the output.</summary>
    public DrawnGraph Ending(string output)
    {
        Graph.Output.Add(new ValueInfoProto { Name = output, Type = new TypeProto { TensorType = new() { ElemType = 1 } } });
        return this;
    }

    public byte[] Bytes() => Model.ToByteArray();

    public static AttributeProto Of(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static AttributeProto Of(string name, double value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = (float)value };

    public static AttributeProto Of(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    public static AttributeProto Of(string name, long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    private string Constant(long[] dims, Func<double> draw)
    {
        var values = new float[dims.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)draw();
        var tensor = new TensorProto
        {
            Name = Next("w"),
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        };
        tensor.Dims.AddRange(dims);
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Next(string kind) => $"{kind}{Graph.Node.Count}_{Graph.Initializer.Count}";

    private static ValueInfoProto Value(string name, long[] dims)
    {
        var shape = new TensorShapeProto();
        foreach (var dim in dims)
            shape.Dim.Add(dim < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "n" } : new() { DimValue = dim });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new() { ElemType = 1, Shape = shape } } };
    }
}
