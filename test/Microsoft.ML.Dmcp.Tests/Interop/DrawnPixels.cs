using Dmcp.Samples.Shared;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>Pixels of the demo's pictures, one picture of every class, as <c>ExtractPixels</c> gives them: [3, 32, 32], 0 to 255.</summary>
internal static class DrawnPixels
{
    private static readonly Lazy<float[][]> Pictures = new(Draw);

    /// <summary>The first pictures.</summary>
    public static float[][] Take(int count) => Pictures.Value[..count];

    private static float[][] Draw()
    {
        var folder = Directory.CreateTempSubdirectory("dmcp-drawn").FullName;
        try
        {
            DrawnShapes.WriteFolder(folder, perClass: 1, seed: 5);
            return [.. Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static float[] Read(string file)
    {
        using var image = MLImage.CreateFromFile(file);
        var plane = image.Width * image.Height;
        var isBgra = image.PixelFormat == MLPixelFormat.Bgra32;
        var planar = new float[3 * plane];
        for (var i = 0; i < plane; i++)
            for (var c = 0; c < 3; c++)
                planar[c * plane + i] = image.Pixels[4 * i + (isBgra ? 2 - c : c)];
        return planar;
    }
}
