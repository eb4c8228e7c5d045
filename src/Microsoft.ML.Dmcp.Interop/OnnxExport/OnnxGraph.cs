using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Onnx;
using static Onnx.AttributeProto.Types;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>The graph of a file. Every node and constant gets a name of its own.</summary>
/// <param name="name">Name of the graph.</param>
/// <param name="reserved">Names of its inputs and outputs, which nothing inside may have.</param>
internal sealed class OnnxGraph(string name, IEnumerable<string> reserved) : IOnnxGraph
{
    /// <summary>The dimension that is as long as a batch.</summary>
    public const string BatchDimension = "N";

    private readonly HashSet<string> _names = [.. reserved];

    /// <summary>What has been written so far.</summary>
    public GraphProto Proto { get; } = new() { Name = name };

    /// <summary>Adds an input of floats.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="shape">Its dimensions without the first, which is the batch's.</param>
    public void AddInput(string input, params ReadOnlySpan<long> shape) => Proto.Input.Add(Describe(input, shape));

    /// <summary>Makes a value an output of floats.</summary>
    /// <param name="value">The value, which gets the output's name.</param>
    /// <param name="output">Name of the output.</param>
    /// <param name="shape">Its dimensions without the first, which is the batch's.</param>
    public void AddOutput(string value, string output, params ReadOnlySpan<long> shape)
    {
        foreach (var node in Proto.Node)
        {
            Rename(node.Input, value, output);
            Rename(node.Output, value, output);
        }
        Proto.Output.Add(Describe(output, shape));
    }

    public string AddNode(string type, string node, IEnumerable<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var unique = Unique(node);
        var proto = new NodeProto { OpType = type, Name = unique, Input = { inputs }, Output = { unique } };
        foreach (var attribute in attributes)
            proto.Attribute.Add(Describe(attribute));
        Proto.Node.Add(proto);
        return unique;
    }

    public string AddConstant(string constant, float[] values, params ReadOnlySpan<long> shape) =>
        AddTensor(constant, values, shape);

    public string AddIntegers(string constant, params ReadOnlySpan<long> values) =>
        AddTensor(constant, values.ToArray(), values.Length);

    /// <summary>Adds a constant of numbers of any type.</summary>
    /// <param name="constant">Its name, where no other has it.</param>
    /// <param name="values">Its elements.</param>
    /// <param name="shape">Its dimensions; none for a single number.</param>
    /// <returns>The name that it got.</returns>
    public string AddTensor<T>(string constant, T[] values, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        var data = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values));
        var tensor = new TensorProto { Name = Unique(constant), DataType = (int)TypeOf(default(T)), RawData = data };
        foreach (var length in shape)
            tensor.Dims.Add(length);
        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static TensorProto.Types.DataType TypeOf<T>(T value) => value switch
    {
        float => TensorProto.Types.DataType.Float,
        byte => TensorProto.Types.DataType.Uint8,
        sbyte => TensorProto.Types.DataType.Int8,
        int => TensorProto.Types.DataType.Int32,
        long => TensorProto.Types.DataType.Int64,
        _ => throw new NotSupportedException($"Constants of {typeof(T).Name} are not written."),
    };

    private string Unique(string wanted)
    {
        var unique = wanted;
        for (var i = 1; !_names.Add(unique); i++)
            unique = FormattableString.Invariant($"{wanted}_{i}");
        return unique;
    }

    private static void Rename(IList<string> names, string from, string to)
    {
        for (var i = 0; i < names.Count; i++)
            if (names[i] == from)
                names[i] = to;
    }

    private static AttributeProto Describe(OnnxAttribute attribute) => attribute.Value switch
    {
        long number => new AttributeProto { Name = attribute.Name, Type = AttributeType.Int, I = number },
        float number => new AttributeProto { Name = attribute.Name, Type = AttributeType.Float, F = number },
        _ => new AttributeProto { Name = attribute.Name, Type = AttributeType.Ints, Ints = { (long[])attribute.Value } },
    };

    private static ValueInfoProto Describe(string value, ReadOnlySpan<long> shape)
    {
        var dimensions = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = BatchDimension } } };
        foreach (var length in shape)
            dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = length });
        var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = dimensions };
        return new ValueInfoProto { Name = value, Type = new TypeProto { TensorType = type } };
    }
}
