using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>A folder of JPEG files in classes: gradients with noise, which compress like photographs.</summary>
internal static class JpegFolder
{
    private const int Noise = 24;

    /// <summary>Writes it; gives its path.</summary>
    public static string Write(int count, int width, int height, int classes)
    {
        var (folder, random) = (Directory.CreateTempSubdirectory("dmcp-benchmark").FullName, new RandomSource(1));
        for (var i = 0; i < count; i++)
        {
            var (right, down) = (random.NextInt32(256), random.NextInt32(256));
            var pixels = new byte[4 * width * height];
            for (var p = 0; p < pixels.Length; p++)
                pixels[p] = (byte)(
                    (right * (p / 4 % width) / width + down * (p / 4 / width) / height) / 3 + 20 * (p % 4) + random.NextInt32(Noise));
            using var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
            image.Save(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, $"class{i % classes}")).FullName, $"{i}.jpg"));
        }
        return folder;
    }
}
