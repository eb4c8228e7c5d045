namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>
/// Features of the image, as the network has them and as the graph sees them: scale·f(x) + shift, where the function, the scale and the
/// shift have no layer yet, since what follows may be spelled out of them (hard swish, SiLU, the normalisation of pixels).
/// </summary>
/// <param name="Value">x, a value of the network.</param>
/// <param name="Rank">Dimensions in the graph: 4 for images, 3 for images whose pixels stand in one row, 2 for features.</param>
/// <param name="IsChannelsLast">Whether the graph has the channels behind the pixels.</param>
/// <param name="IsFlat">Whether the network has it flattened.</param>
internal sealed record FeatureValue(NetworkValue Value, int Rank = 4, bool IsChannelsLast = false, bool IsFlat = false) : OnnxValue
{
    /// <summary>The function without a layer; null for none.</summary>
    public Activation? Function { get; init; }

    /// <summary>Its first parameter.</summary>
    public double? Alpha { get; init; }

    /// <summary>Its second parameter.</summary>
    public double? Beta { get; init; }

    /// <summary>Factor of every channel, or one for all.</summary>
    public float[] Scale { get; init; } = [1];

    /// <summary>Summand of every channel, or one for all.</summary>
    public float[] Shift { get; init; } = [0];

    /// <summary>
    /// Height and width of the image that was flattened with the channels last: whoever reads the features has its weights in that order.
    /// </summary>
    public (int Height, int Width)? FlattenedPixels { get; init; }

    /// <summary>Whether it has no scale and no shift.</summary>
    public bool IsUnscaled => Scale.All(s => s == 1) && Shift.All(s => s == 0);

    /// <summary>Whether x is the value itself.</summary>
    public bool IsPlain => Function is null && IsUnscaled;

    /// <summary>The shape in the graph.</summary>
    /// <param name="batch">Images of a batch.</param>
    public long[] Dims(long batch) => (Rank, IsChannelsLast) switch
    {
        (4, false) => [batch, Value.Channels, Value.Height, Value.Width],
        (4, true) => [batch, Value.Height, Value.Width, Value.Channels],
        (3, false) => [batch, Value.Channels, (long)Value.Height * Value.Width],
        (3, true) => [batch, (long)Value.Height * Value.Width, Value.Channels],
        _ => [batch, (long)Value.Channels * Value.Height * Value.Width],
    };

    /// <summary>scale·(this) + shift.</summary>
    public FeatureValue Scaled(float[] scale, float[] shift) => this with
    {
        Scale = Combined(Scale, scale, (a, b) => a * b),
        Shift = Combined(Combined(Shift, scale, (a, b) => a * b), shift, (a, b) => a + b),
    };

    private static float[] Combined(float[] a, float[] b, Func<float, float, float> operation)
    {
        var result = new float[Math.Max(a.Length, b.Length)];
        for (var i = 0; i < result.Length; i++)
            result[i] = operation(a[a.Length == 1 ? 0 : i], b[b.Length == 1 ? 0 : i]);
        return result;
    }
}
