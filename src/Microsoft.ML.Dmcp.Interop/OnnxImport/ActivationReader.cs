namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads element-wise non-linearities.</summary>
internal static class ActivationReader
{
    public static OnnxValue Relu(NodeReader node) => Layer(node, Activation.ReLU);

    public static OnnxValue LeakyRelu(NodeReader node) => Layer(node, Activation.LeakyReLU, node.Number("alpha", 0.01));

    public static OnnxValue HardSwish(NodeReader node) => Layer(node, Activation.Hardswish);

    public static OnnxValue Sigmoid(NodeReader node) => node.Plain(0) with { Function = Activation.Sigmoid };

    public static OnnxValue HardSigmoid(NodeReader node)
    {
        var (x, alpha, beta) = (node.Feature(0), node.Number("alpha", 0.2), node.Number("beta", 0.5));
        return IsScaledByOne(x)
            ? Gate(x, alpha * x.Scale[0], alpha * x.Shift[0] + beta)
            : Gate(node.Plain(0), alpha, beta);
    }

    public static OnnxValue Clip(NodeReader node)
    {
        var low = node.Opset < 11 ? node.Number("min", float.MinValue) : Limit(node, 1, float.MinValue);
        var high = node.Opset < 11 ? node.Number("max", float.MaxValue) : Limit(node, 2, float.MaxValue);
        var x = node.Feature(0);
        if (low == 0 && high is > 0 and < float.MaxValue && !x.IsUnscaled && IsScaledByOne(x))
        {
            // min(max(ax + b, 0), m) = m·hardsigmoid(x) of slope a/m and offset b/m.
            var gate = Gate(x, x.Scale[0] / high, x.Shift[0] / high);
            return gate.Scaled([(float)high], [0]);
        }
        if (low == 0 && high == 6)
            return Layer(node, Activation.ReLU6);
        if (low == 0 && high >= float.MaxValue)
            return Layer(node, Activation.ReLU);
        return Layer(node, Activation.Clip, low <= float.MinValue ? null : low, high >= float.MaxValue ? null : high);
    }

    /// <summary>x·gate(x) where the second is a gate of the first: SiLU or hard swish; null otherwise.</summary>
    public static FeatureValue? Gated(FeatureValue x, FeatureValue gate)
    {
        if (!x.IsPlain || x.Value != gate.Value || gate.Shift is not [0] || x.Rank != gate.Rank)
            return null;
        return gate switch
        {
            { Function: Activation.Sigmoid } => gate with { Function = Activation.SiLU },
            { Function: Activation.Hardsigmoid, Alpha: null, Beta: null } => gate with { Function = Activation.Hardswish },
            _ => null,
        };
    }

    private static bool IsScaledByOne(FeatureValue x) => x is { Function: null, Scale.Length: 1, Shift.Length: 1, Value.Layer: > 0 };

    private static FeatureValue Gate(FeatureValue x, double alpha, double beta)
    {
        var isUsual = Math.Abs(alpha - 1.0 / 6) < 1e-6 && Math.Abs(beta - 0.5) < 1e-6;
        return new FeatureValue(x.Value, x.Rank, x.IsChannelsLast, x.IsFlat)
        {
            FlattenedPixels = x.FlattenedPixels,
            Function = Activation.Hardsigmoid,
            Alpha = isUsual ? null : alpha,
            Beta = isUsual ? null : beta,
        };
    }

    private static FeatureValue Layer(NodeReader node, Activation function, double? alpha = null, double? beta = null)
    {
        var x = node.Plain(0);
        return x with { Value = node.Network.Net.Activate(x.Value, function, alpha, beta, node.Network.NameOf(node.Node)) };
    }

    private static double Limit(NodeReader node, int input, double missing) => node.OptionalConstant(input) is { } limit
        ? limit.Count == 1 ? limit.Floats()[0] : throw node.Invalid("its limits are no single numbers")
        : missing;
}
