namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads sums and products: of features, of features and constants, of constants.</summary>
internal static class ArithmeticReader
{
    public static OnnxValue Add(NodeReader node) => (node.Value(0), node.Value(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantReader.Combined(node, a.Tensor, b.Tensor, (x, y) => x + y, (x, y) => x + y),
        (FeatureValue x, ConstantValue c) => x.Scaled([1], Channels(node, x, c.Tensor)),
        (ConstantValue c, FeatureValue x) => x.Scaled([1], Channels(node, x, c.Tensor)),
        _ => Sum(node, node.Plain(0), node.Plain(1)),
    };

    public static OnnxValue Sum(NodeReader node)
    {
        if (node.InputCount == 1)
            return node.Value(0);
        var sum = node.Plain(0);
        for (var i = 1; i < node.InputCount; i++)
            sum = Sum(node, sum, node.Plain(i));
        return sum;
    }

    public static OnnxValue Sub(NodeReader node) => (node.Value(0), node.Value(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantReader.Combined(node, a.Tensor, b.Tensor, (x, y) => x - y, (x, y) => x - y),
        (FeatureValue x, ConstantValue c) => x.Scaled([1], Array.ConvertAll(Channels(node, x, c.Tensor), f => -f)),
        (ConstantValue c, FeatureValue x) => x.Scaled([-1], Channels(node, x, c.Tensor)),
        _ => throw node.Invalid("it subtracts features from features"),
    };

    public static OnnxValue Mul(NodeReader node) => (node.Value(0), node.Value(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantReader.Combined(node, a.Tensor, b.Tensor, (x, y) => x * y, (x, y) => x * y),
        (FeatureValue x, ConstantValue c) => x.Scaled(Channels(node, x, c.Tensor), [0]),
        (ConstantValue c, FeatureValue x) => x.Scaled(Channels(node, x, c.Tensor), [0]),
        (FeatureValue a, FeatureValue b) => ActivationReader.Gated(a, b) ?? ActivationReader.Gated(b, a) ?? Product(node),
        _ => throw node.Invalid("its inputs are not known"),
    };

    public static OnnxValue Div(NodeReader node) => (node.Value(0), node.Value(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantReader.Combined(node, a.Tensor, b.Tensor, (x, y) => x / y, (x, y) => x / y),
        (FeatureValue x, ConstantValue c) => x.Scaled(Array.ConvertAll(Channels(node, x, c.Tensor), f => 1 / f), [0]),
        _ => throw node.Invalid("it divides by features"),
    };

    public static OnnxValue Neg(NodeReader node) => node.Value(0) switch
    {
        ConstantValue c => ConstantReader.Mapped(node, c.Tensor, x => -x),
        _ => node.Feature(0).Scaled([-1], [0]),
    };

    public static OnnxValue Sqrt(NodeReader node) => ConstantReader.Mapped(node, node.Constant(0), MathF.Sqrt);

    private static FeatureValue Sum(NodeReader node, FeatureValue a, FeatureValue b)
    {
        if (!a.Dims(1).SequenceEqual(b.Dims(1)) || a.IsChannelsLast != b.IsChannelsLast)
            throw node.Invalid(
                $"it adds [{string.Join(", ", a.Dims(1))}] and [{string.Join(", ", b.Dims(1))}]; only equal shapes are read");
        return a with { Value = node.Network.Net.Add(a.Value, b.Value, node.Network.NameOf(node.Node)) };
    }

    private static FeatureValue Product(NodeReader node)
    {
        var (a, b) = (node.Plain(0), node.Plain(1));
        if (a.Value is { Height: 1, Width: 1 } && b.Value is not { Height: 1, Width: 1 })
            (a, b) = (b, a);
        var fits = b.Value is { Height: 1, Width: 1 } || (a.Value.Height, a.Value.Width) == (b.Value.Height, b.Value.Width);
        if (!fits || a.Rank != b.Rank || a.IsChannelsLast != b.IsChannelsLast || a.Value.Channels != b.Value.Channels)
            throw node.Invalid($"it multiplies [{string.Join(", ", a.Dims(1))}] by [{string.Join(", ", b.Dims(1))}]; " +
                "only equal shapes and factors of whole channels are read");
        return a with { Value = node.Network.Net.Multiply(a.Value, b.Value, node.Network.NameOf(node.Node)) };
    }

    // A constant beside features: one number, or one a channel.
    private static float[] Channels(NodeReader node, FeatureValue x, OnnxTensor constant)
    {
        if (constant.Count == 1)
            return constant.Floats();
        var dims = x.Dims(1);
        var axis = x.Rank == 2 ? 1 : x.IsChannelsLast ? x.Rank - 1 : 1;
        var fromBehind = dims.Length - axis;
        var isOfChannels = constant.Dims.Count >= fromBehind && constant.Dims.Count <= dims.Length
            && constant.Dims[^fromBehind] == dims[axis] && constant.Count == dims[axis] && x.Value.Channels == dims[axis];
        return isOfChannels
            ? constant.Floats()
            : throw node.Invalid($"its constant has the shape [{string.Join(", ", constant.Dims)}] beside [{string.Join(", ", dims)}]; " +
                "only one number, or one a channel, is read");
    }
}
