using System.Runtime.InteropServices;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>
/// Mean and standard deviation of every colour, in the units of the pixels: what the network sees is (pixel − mean)/deviation.
/// </summary>
/// <param name="Mean">Mean of every colour.</param>
/// <param name="Deviation">Standard deviation of every colour, greater than 0.</param>
internal sealed record Normalization(IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation)
{
    private const int LargestSample = 5000;

    /// <summary>What options give, else what <see cref="Of(ImageSet)"/> computes.</summary>
    /// <param name="set">The images.</param>
    /// <param name="mean">Mean of every colour, as an option gives it; null for that of the images.</param>
    /// <param name="deviation">Deviation of every colour, likewise.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many numbers as colours.</exception>
    public static Normalization Of(ImageSet set, IReadOnlyList<float>? mean, IReadOnlyList<float>? deviation)
    {
        if (mean is null || deviation is null)
            return Of(set);
        var colours = set.Shape.Channels;
        return mean.Count == colours && deviation.Count == colours ? new Normalization(mean, deviation)
            : throw new ArgumentOutOfRangeException("PixelMean", FormattableString.Invariant(
                $"PixelMean has {mean.Count} numbers and PixelDeviation {deviation.Count}; needed are {colours} each, one a colour."));
    }

    /// <summary>Mean and deviation over (at most 5,000 evenly spread) images.</summary>
    public static Normalization Of(ImageSet set)
    {
        var channels = set.Shape.Channels;
        var (sum, squares, count) = (new double[channels], new double[channels], 0L);
        var step = (set.Count + LargestSample - 1) / LargestSample;
        for (var i = 0; i < set.Count; i += step)
        {
            var image = set.Images[i];
            var floats = set.Shape.IsFloat ? MemoryMarshal.Cast<byte, float>(image) : [];
            var elements = set.Shape.Height * set.Shape.Width * channels;
            for (var k = 0; k < elements; k++)
            {
                double value = set.Shape.IsFloat ? floats[k] : image[k];
                sum[k % channels] += value;
                squares[k % channels] += value * value;
            }
            count += elements / channels;
        }
        var mean = Array.ConvertAll(sum, s => (float)(s / count));
        var deviation = new float[channels];
        for (var c = 0; c < channels; c++)
        {
            var variance = squares[c] / count - Math.Pow(sum[c] / count, 2);
            deviation[c] = variance > 1e-12 ? (float)Math.Sqrt(variance) : 1;
        }
        return new Normalization(mean, deviation);
    }
}
