namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>The weights of a layer in 8 bits, symmetric around 0, with a scale of its own for every output channel.</summary>
/// <param name="Values">From −127 to 127, in the order of the weights.</param>
/// <param name="Scales">One for every output channel, greater than 0: a weight is its value times the scale.</param>
/// <param name="Bias">In units of the input's scale times the channel's, as the products are added up; null for none.</param>
/// <param name="BiasScales">These units.</param>
internal sealed record Int8Weights(sbyte[] Values, float[] Scales, int[]? Bias, float[] BiasScales)
{
    // A bias has to fit into the 32 bits that products are added up in, and leave room for them.
    private const double LargestBias = 1 << 30;
    private const float SmallestScale = 1e-30f;

    /// <summary>Rounds weights.</summary>
    /// <param name="weight">The weights, one output channel after the other.</param>
    /// <param name="bias">One for every output channel; null for none.</param>
    /// <param name="channels">How many output channels.</param>
    /// <param name="inputScale">Scale of what the layer reads.</param>
    public static Int8Weights Of(float[] weight, float[]? bias, int channels, float inputScale)
    {
        var (values, scales, units) = (new sbyte[weight.Length], new float[channels], new float[channels]);
        var rounded = bias is null ? null : new int[channels];
        var filter = weight.Length / channels;
        for (var c = 0; c < channels; c++)
        {
            var largest = 0f;
            foreach (var w in weight.AsSpan(c * filter, filter))
                largest = Math.Max(largest, Math.Abs(w));
            // A channel of tiny weights, or none but 0, gets a scale at which its bias can be held.
            var needed = Math.Abs(bias?[c] ?? 0.0) / (LargestBias * inputScale);
            var scale = (float)Math.Max(largest / (double)sbyte.MaxValue, needed);
            scales[c] = scale * inputScale < SmallestScale ? 1 : scale;
            units[c] = scales[c] * inputScale;
            for (var i = c * filter; i < (c + 1) * filter; i++)
                values[i] = (sbyte)Math.Clamp(Math.Round(weight[i] / (double)scales[c]), -sbyte.MaxValue, sbyte.MaxValue);
            if (rounded is not null)
                rounded[c] = (int)Math.Round(bias![c] / (double)units[c]);
        }
        return new Int8Weights(values, scales, rounded, units);
    }
}
