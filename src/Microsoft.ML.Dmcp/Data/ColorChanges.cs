using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>The four changes of a <see cref="ColorJitter"/>, in a random order.</summary>
internal static class ColorChanges
{
    /// <summary>Changes the colours of an image of bytes in place.</summary>
    public static void Apply(Span<byte> pixels, int channels, ColorJitter jitter, RandomSource random)
    {
        var values = new float[pixels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = pixels[i];
        Apply(values, channels, jitter, random, byte.MaxValue);
        for (var i = 0; i < values.Length; i++)
            pixels[i] = (byte)(values[i] + 0.5f);
    }

    /// <summary>Changes the colours of an image in place.</summary>
    /// <param name="pixels">[H, W, C].</param>
    /// <param name="channels">3 for red, green, blue; else only brightness and contrast change.</param>
    /// <param name="jitter">How far.</param>
    /// <param name="random">By how much, in which order.</param>
    /// <param name="largest">What values are limited to; infinity where their range is not known.</param>
    public static void Apply(Span<float> pixels, int channels, ColorJitter jitter, RandomSource random, float largest)
    {
        foreach (var change in random.Permutation(4))
        {
            switch (change)
            {
                case 0 when jitter.Brightness > 0:
                    Towards(pixels, 0, Factor(jitter.Brightness, random), largest);
                    break;
                case 1 when jitter.Contrast > 0:
                    Towards(pixels, MeanGrey(pixels, channels), Factor(jitter.Contrast, random), largest);
                    break;
                case 2 when jitter.Saturation > 0 && channels == 3:
                    Saturate(pixels, Factor(jitter.Saturation, random), largest);
                    break;
                case 3 when jitter.Hue > 0 && channels == 3:
                    TurnHue(pixels, (float)(jitter.Hue * (2 * random.NextDouble() - 1)));
                    break;
            }
        }
    }

    /// <summary>Turns the hue of every pixel; keeps value and saturation.</summary>
    /// <param name="pixels">Red, green, blue.</param>
    /// <param name="turn">Share of the circle.</param>
    internal static void TurnHue(Span<float> pixels, float turn)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            var (r, g, b) = (pixels[i], pixels[i + 1], pixels[i + 2]);
            var (most, least) = (Math.Max(r, Math.Max(g, b)), Math.Min(r, Math.Min(g, b)));
            var chroma = most - least;
            if (chroma <= 0)
                continue;
            var hue = most == r ? (g - b) / chroma : most == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
            hue = (hue + 6 * turn + 12) % 6;
            (pixels[i], pixels[i + 1], pixels[i + 2]) = (Channel(5), Channel(3), Channel(1));

            float Channel(int n)
            {
                var k = (n + hue) % 6;
                return most - chroma * Math.Max(0, Math.Min(k, Math.Min(4 - k, 1)));
            }
        }
    }

    private static float Factor(double reach, RandomSource random) => (float)(1 + reach * (2 * random.NextDouble() - 1));

    private static void Towards(Span<float> pixels, float centre, float factor, float largest)
    {
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = Limit(centre + (pixels[i] - centre) * factor, largest);
    }

    private static void Saturate(Span<float> pixels, float factor, float largest)
    {
        for (var i = 0; i + 2 < pixels.Length; i += 3)
            Towards(pixels.Slice(i, 3), Grey(pixels[i], pixels[i + 1], pixels[i + 2]), factor, largest);
    }

    private static float MeanGrey(ReadOnlySpan<float> pixels, int channels)
    {
        var sum = 0.0;
        for (var i = 0; i + channels <= pixels.Length; i += channels)
            sum += channels == 3 ? Grey(pixels[i], pixels[i + 1], pixels[i + 2]) : pixels[i];
        return (float)(sum / (pixels.Length / channels));
    }

    // ITU-R 601, as PIL and torchvision convert to grey.
    private static float Grey(float r, float g, float b) => 0.299f * r + 0.587f * g + 0.114f * b;

    private static float Limit(float value, float largest) => float.IsPositiveInfinity(largest) ? value : Math.Clamp(value, 0, largest);
}
