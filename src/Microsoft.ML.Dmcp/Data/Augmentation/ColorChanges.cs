using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Data.Augmentation;

/// <summary>
/// The four changes of a <see cref="ColorJitter"/>, in a random order. They work on planes [C, H · W] of floats, as the processor's vectors
/// do; zeros fill a plane up to whole vectors.
/// </summary>
internal static class ColorChanges
{
    /// <summary>Changes the colours of an image in place.</summary>
    /// <param name="pixels">[H, W, C].</param>
    /// <param name="channels">3 for red, green, blue; else only brightness and contrast change.</param>
    /// <param name="jitter">How far.</param>
    /// <param name="random">By how much, in which order.</param>
    /// <param name="largest">What values are limited to; infinity where their range is not known.</param>
    /// <param name="rounding">Added to a value before its fraction is cut off.</param>
    public static void Apply<T>(Span<T> pixels, int channels, ColorJitter jitter, RandomSource random, float largest, float rounding)
        where T : unmanaged, INumberBase<T>
    {
        var count = pixels.Length / channels;
        var length = (count + Vector<float>.Count - 1) / Vector<float>.Count;
        var rented = ArrayPool<Vector<float>>.Shared.Rent(channels * length);
        var planes = rented.AsSpan(0, channels * length);
        for (var c = 0; c < channels; c++)
        {
            var plane = MemoryMarshal.Cast<Vector<float>, float>(planes.Slice(c * length, length));
            for (var i = 0; i < count; i++)
                plane[i] = float.CreateTruncating(pixels[i * channels + c]);
            plane[count..].Clear();
        }
        foreach (var change in random.Permutation(4))
        {
            switch (change)
            {
                case 0 when jitter.Brightness > 0:
                    Towards(planes, Vector<float>.Zero, Factor(jitter.Brightness, random), largest);
                    break;
                case 1 when jitter.Contrast > 0:
                    Towards(planes, new Vector<float>(SumOfGrey(planes, channels) / count), Factor(jitter.Contrast, random), largest);
                    break;
                case 2 when jitter.Saturation > 0 && channels == 3:
                    Saturate(planes, Factor(jitter.Saturation, random), largest);
                    break;
                case 3 when jitter.Hue > 0 && channels == 3:
                    TurnHue(planes, (float)(jitter.Hue * (2 * random.NextDouble() - 1)));
                    break;
            }
        }
        for (var c = 0; c < channels; c++)
        {
            var plane = MemoryMarshal.Cast<Vector<float>, float>(planes.Slice(c * length, length));
            for (var i = 0; i < count; i++)
                pixels[i * channels + c] = T.CreateTruncating(plane[i] + rounding);
        }
        ArrayPool<Vector<float>>.Shared.Return(rented);
    }

    /// <summary>Turns the hue of every pixel; keeps value and saturation.</summary>
    /// <param name="planes">Red, green, blue.</param>
    /// <param name="turn">Share of the circle.</param>
    internal static void TurnHue(Span<Vector<float>> planes, float turn)
    {
        var (green, blue) = (planes.Length / 3, planes.Length / 3 * 2);
        for (var i = 0; i < green; i++)
        {
            var (r, g, b) = (planes[i], planes[green + i], planes[blue + i]);
            var most = Vector.Max(r, Vector.Max(g, b));
            var chroma = most - Vector.Min(r, Vector.Min(g, b));
            // Grey has no hue; any will do, since it is multiplied by a chroma of 0.
            var unit = Vector.Max(chroma, new Vector<float>(1e-30f));
            var greenOrBlueMost = Vector.ConditionalSelect(
                Vector.Equals(most, g), new Vector<float>(2) + (b - r) / unit, new Vector<float>(4) + (r - g) / unit);
            var hue = new Vector<float>(6 * turn + 12) +
                Vector.ConditionalSelect(Vector.Equals(most, r), (g - b) / unit, greenOrBlueMost);
            planes[i] = Channel(5);
            planes[green + i] = Channel(3);
            planes[blue + i] = Channel(1);

            Vector<float> Channel(float n)
            {
                var k = hue + new Vector<float>(n);
                k -= 6 * Vector.Floor(k * (1 / 6f));
                var share = Vector.Min(Vector.Min(k, new Vector<float>(4) - k), Vector<float>.One);
                return most - chroma * Vector.Max(Vector<float>.Zero, share);
            }
        }
    }

    private static float Factor(double reach, RandomSource random) => (float)(1 + reach * (2 * random.NextDouble() - 1));

    private static void Towards(Span<Vector<float>> values, Vector<float> centre, float factor, float largest)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Towards(values[i], centre, factor, largest);
    }

    private static Vector<float> Towards(Vector<float> value, Vector<float> centre, float factor, float largest)
    {
        value = centre + (value - centre) * factor;
        return float.IsPositiveInfinity(largest) ? value : Vector.Min(Vector.Max(value, Vector<float>.Zero), new Vector<float>(largest));
    }

    private static void Saturate(Span<Vector<float>> planes, float factor, float largest)
    {
        var (green, blue) = (planes.Length / 3, planes.Length / 3 * 2);
        for (var i = 0; i < green; i++)
        {
            var grey = Grey(planes[i], planes[green + i], planes[blue + i]);
            planes[i] = Towards(planes[i], grey, factor, largest);
            planes[green + i] = Towards(planes[green + i], grey, factor, largest);
            planes[blue + i] = Towards(planes[blue + i], grey, factor, largest);
        }
    }

    // The zeros that fill a plane up stay zero until the contrast changes, so that they count for nothing.
    private static float SumOfGrey(ReadOnlySpan<Vector<float>> planes, int channels)
    {
        var length = planes.Length / channels;
        var sum = Vector<double>.Zero;
        for (var i = 0; i < length; i++)
        {
            var grey = channels == 3 ? Grey(planes[i], planes[length + i], planes[2 * length + i]) : planes[i];
            Vector.Widen(grey, out var low, out var high);
            sum += low + high;
        }
        return (float)Vector.Sum(sum);
    }

    // ITU-R 601, as PIL and torchvision convert to grey.
    private static Vector<float> Grey(Vector<float> r, Vector<float> g, Vector<float> b) => 0.299f * r + 0.587f * g + 0.114f * b;
}
