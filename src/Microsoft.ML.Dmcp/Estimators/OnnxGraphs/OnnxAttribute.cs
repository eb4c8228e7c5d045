namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>What an operator of ONNX has to know beside its inputs.</summary>
/// <param name="Name">Name of the attribute.</param>
/// <param name="Value">A long, a float or longs.</param>
internal readonly record struct OnnxAttribute(string Name, object Value)
{
    /// <summary>A whole number.</summary>
    public static OnnxAttribute Int(string name, long value) => new(name, value);

    /// <summary>A number.</summary>
    public static OnnxAttribute Float(string name, double value) => new(name, (float)value);

    /// <summary>Whole numbers.</summary>
    public static OnnxAttribute Ints(string name, params ReadOnlySpan<long> values) => new(name, values.ToArray());
}
