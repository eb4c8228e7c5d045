using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>A node with its inputs and attributes, as the reader of an operator sees it.</summary>
/// <param name="description">The network that is being described.</param>
/// <param name="node">The node.</param>
internal sealed class NodeReader(GraphDescription description, NodeProto node)
{
    private readonly Dictionary<string, AttributeProto> _attributes = Named(node);

    /// <summary>The network that is being described.</summary>
    public GraphDescription Network => description;

    /// <summary>The node.</summary>
    public NodeProto Node => node;

    /// <summary>Version of the operators.</summary>
    public int Opset => description.Graph.Opset;

    /// <summary>Number of inputs that are given.</summary>
    public int InputCount => node.Input.Count;

    /// <summary>What an input stands for; null where it is left out.</summary>
    public OnnxValue? Optional(int input) => input < node.Input.Count && node.Input[input].Length > 0
        ? description.ValueOf(node.Input[input]) ?? throw Invalid($"it reads '{node.Input[input]}', which no node before makes")
        : null;

    /// <summary>What an input stands for.</summary>
    public OnnxValue Value(int input) => Optional(input) ?? throw Invalid($"its input {input} is missing");

    /// <summary>A constant input; null where it is left out.</summary>
    public OnnxTensor? OptionalConstant(int input) => Optional(input) switch
    {
        null => null,
        ConstantValue constant => constant.Tensor,
        _ => throw Invalid($"its input {input}, '{node.Input[input]}', depends on the image; only a constant can be read"),
    };

    /// <summary>A constant input.</summary>
    public OnnxTensor Constant(int input) => OptionalConstant(input) ?? throw Invalid($"its input {input} is missing");

    /// <summary>Features, whose function and scale may have no layer yet.</summary>
    public FeatureValue Feature(int input) => Value(input) as FeatureValue
        ?? throw Invalid($"its input {input}, '{node.Input[input]}', is a constant; needed are features of the image");

    /// <summary>Features that are a value of the network.</summary>
    public FeatureValue Plain(int input) => description.Materialized(Feature(input), this);

    /// <summary>An image that is a value of the network, its channels before the pixels.</summary>
    public FeatureValue Image(int input)
    {
        var feature = Plain(input);
        return feature is { Rank: 4, IsChannelsLast: false, IsFlat: false } ? feature
            : throw Invalid($"its input '{node.Input[input]}' is no image with the channels before the pixels");
    }

    public long Integer(string name, long missing) => _attributes.TryGetValue(name, out var attribute) ? attribute.I : missing;

    public double Number(string name, double missing) => _attributes.TryGetValue(name, out var attribute) ? attribute.F : missing;

    public string Text(string name, string missing) =>
        _attributes.TryGetValue(name, out var attribute) ? attribute.S.ToStringUtf8() : missing;

    public long[]? Integers(string name) => _attributes.TryGetValue(name, out var attribute) ? attribute.Ints.ToArray() : null;

    public AttributeProto? Attribute(string name) => _attributes.GetValueOrDefault(name);

    /// <summary>Integers that older operators have as an attribute and newer ones as an input.</summary>
    public long[]? IntegersOf(string name, int input) => Integers(name) ?? OptionalConstant(input)?.Integers();

    /// <summary>An integer of a window or an axis.</summary>
    public int Small(long value, string what) =>
        value is >= -(1 << 20) and <= 1 << 20 ? (int)value : throw Invalid($"its {what} is {value}");

    /// <summary>An axis, counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Invalid($"its axis {axis} is none of {rank}");

    /// <summary>The error for a node that cannot be read.</summary>
    /// <param name="why">A clause.</param>
    public FormatException Invalid(string why) =>
        new(FormattableString.Invariant($"Node '{NameOf(node)}' ({node.OpType}) cannot be imported: {why}."));

    /// <summary>A node as messages call it.</summary>
    public static string NameOf(NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault("");

    private static Dictionary<string, AttributeProto> Named(NodeProto node)
    {
        var attributes = new Dictionary<string, AttributeProto>();
        foreach (var attribute in node.Attribute)
            attributes[attribute.Name] = attribute;
        return attributes;
    }
}
