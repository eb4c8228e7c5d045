using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>An ONNX graph while it is written. Every node and constant gets a name of its own.</summary>
/// <param name="name">Name of the graph.</param>
/// <param name="reserved">Names of its inputs and outputs, which nothing inside may have.</param>
internal sealed class OnnxGraph(string name, IEnumerable<string> reserved)
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

    /// <summary>Adds a node with one result.</summary>
    /// <param name="type">Its operator.</param>
    /// <param name="node">Its name, where no other has it.</param>
    /// <param name="inputs">The values that it reads.</param>
    /// <param name="attributes">What the operator has to know.</param>
    /// <returns>Name of the result.</returns>
    public string AddNode(string type, string node, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        var unique = Unique(node);
        var proto = new NodeProto { OpType = type, Name = unique, Input = { inputs }, Output = { unique } };
        foreach (var attribute in attributes)
            proto.Attribute.Add(attribute);
        Proto.Node.Add(proto);
        return unique;
    }

    /// <summary>Adds a constant of floats.</summary>
    /// <param name="constant">Its name, where no other has it.</param>
    /// <param name="values">Its elements.</param>
    /// <param name="shape">Its dimensions; none for a single number.</param>
    /// <returns>The name that it got.</returns>
    public string AddConstant(string constant, float[] values, params ReadOnlySpan<long> shape)
    {
        var tensor = new TensorProto
        {
            Name = Unique(constant),
            DataType = (int)TensorProto.Types.DataType.Float,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
        };
        foreach (var length in shape)
            tensor.Dims.Add(length);
        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a vector of whole numbers.</summary>
    /// <returns>Its name.</returns>
    public string AddIntegers(string constant, params ReadOnlySpan<long> values)
    {
        var tensor = new TensorProto
        {
            Name = Unique(constant),
            DataType = (int)TensorProto.Types.DataType.Int64,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)),
        };
        tensor.Dims.Add(values.Length);
        Proto.Initializer.Add(tensor);
        return tensor.Name;
    }

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

    private static ValueInfoProto Describe(string value, ReadOnlySpan<long> shape)
    {
        var dimensions = new TensorShapeProto { Dim = { new TensorShapeProto.Types.Dimension { DimParam = BatchDimension } } };
        foreach (var length in shape)
            dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = length });
        var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = dimensions };
        return new ValueInfoProto { Name = value, Type = new TypeProto { TensorType = type } };
    }
}
