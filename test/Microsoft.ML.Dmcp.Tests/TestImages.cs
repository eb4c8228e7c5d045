using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Tiny labelled images that a small network learns in a second: a bright square in one of four corners.</summary>
internal static class TestImages
{
    public const int Size = 12, Classes = 4;

    /// <summary>A network for them.</summary>
    public static NetworkArchitecture Network { get; } = new("tiny", net =>
    {
        var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 12, 3)));
        x = net.ReLU(net.BatchNorm(net.Conv(x, 20, 3, stride: 2)));
        x = net.ReLU(net.BatchNorm(net.Conv(x, 20, 3, stride: 2)));
        net.Linear(net.Flatten(x), net.Classes);
    });

    /// <summary>Pixels of an image, [H, W, 3].</summary>
    public static byte[] Pixels(int label, RandomSource random)
    {
        var pixels = new byte[Size * Size * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)random.NextInt32(100);
        var (x0, y0) = (label % 2 * 6 + random.NextInt32(3), label / 2 * 6 + random.NextInt32(3));
        for (var y = y0; y < y0 + 4; y++)
            for (var x = x0; x < x0 + 4; x++)
                for (var c = 0; c < 3; c++)
                    pixels[(y * Size + x) * 3 + c] = (byte)(150 + random.NextInt32(100));
        return pixels;
    }

    /// <summary>A set as the search reads it.</summary>
    public static ImageSet Set(int count, int seed)
    {
        var random = new RandomSource(seed);
        var labels = Enumerable.Range(0, count).Select(i => i % Classes).ToArray();
        var images = new ImageStore(labels.Select(l => Pixels(l, random)).ToArray());
        return new ImageSet(new ImageShape(3, Size, Size, false), images, labels, Classes);
    }

    /// <summary>Rows with the image as a vector, interleaved.</summary>
    public static IReadOnlyList<VectorRow> Rows(int count, int seed)
    {
        var set = Set(count, seed);
        return Enumerable.Range(0, count)
            .Select(i => new VectorRow
            {
                Name = $"class-{set.Labels[i]}",
                Pixels = Array.ConvertAll(set.Images[i].ToArray(), b => (float)b),
                Number = i,
            }).ToArray();
    }

    /// <summary>Rows with the image as an MLImage.</summary>
    public static IReadOnlyList<ImageRow> ImageRows(int count, int seed)
    {
        var set = Set(count, seed);
        return Enumerable.Range(0, count)
            .Select(i => new ImageRow { Name = $"class-{set.Labels[i]}", Image = ToImage(set.Images[i].ToArray(), Size, Size) }).ToArray();
    }

    public static MLImage ToImage(byte[] rgb, int width, int height)
    {
        var rgba = new byte[width * height * 4];
        for (var i = 0; i < width * height; i++)
        {
            rgb.AsSpan(3 * i, 3).CopyTo(rgba.AsSpan(4 * i));
            rgba[4 * i + 3] = 255;
        }
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, rgba);
    }
}
