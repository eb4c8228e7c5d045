namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>How a value is held in a byte: it is Scale·(byte − ZeroPoint).</summary>
/// <param name="Scale">Distance of neighbouring values, greater than 0.</param>
/// <param name="ZeroPoint">The byte that is 0.</param>
internal readonly record struct Int8Scale(float Scale, byte ZeroPoint)
{
    // Below it a scale would have fewer digits than a float, or none.
    private const float SmallestScale = 1e-30f;

    /// <summary>The scale at which a byte reaches from one number to another; 0 is always among those that it holds exactly.</summary>
    public static Int8Scale Of(float lowest, float highest)
    {
        var (low, high) = (Math.Min(lowest, 0f), Math.Max(highest, 0f));
        var scale = (float)(((double)high - low) / byte.MaxValue);
        return scale < SmallestScale ? new Int8Scale(1, 0) : new Int8Scale(scale, (byte)Math.Round(-(double)low / scale));
    }
}
