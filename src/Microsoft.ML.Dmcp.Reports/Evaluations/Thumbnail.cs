using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Data.Images;
using SkiaSharp;

namespace Microsoft.ML.Dmcp.Reports.Evaluations;

/// <summary>A small picture of what a network saw, to be put into a page.</summary>
internal static class Thumbnail
{
    /// <summary>Longest side of a thumbnail in pixels; smaller images stay as they are.</summary>
    public const int LongestSide = 128;

    // Below it a JPEG would show its blocks.
    private const int SmallSide = 64;
    private const int JpegQuality = 85;

    /// <summary>Whether an image is so small that it is shown enlarged, pixel by pixel.</summary>
    public static bool IsSmall(ImageShape shape) => Math.Max(shape.Width, shape.Height) <= SmallSide;

    /// <summary>The image as a data URI: PNG where it is small, JPEG otherwise.</summary>
    public static string DataUri(ReadImage image)
    {
        var shape = image.Shape;
        using var whole = BitmapOf(image);
        var scale = Math.Min(1, (float)LongestSide / Math.Max(shape.Width, shape.Height));
        var size = new SKImageInfo(Math.Max(1, (int)(shape.Width * scale)), Math.Max(1, (int)(shape.Height * scale)));
        using var small = scale < 1 ? whole.Resize(size, SKFilterQuality.High) : null;
        var (format, type) = IsSmall(shape) ? (SKEncodedImageFormat.Png, "png") : (SKEncodedImageFormat.Jpeg, "jpeg");
        using var data = (small ?? whole).Encode(format, JpegQuality);
        return $"data:image/{type};base64,{Convert.ToBase64String(data.AsSpan())}";
    }

    private static SKBitmap BitmapOf(ReadImage image)
    {
        var shape = image.Shape;
        var bytes = shape.IsFloat ? Stretched(MemoryMarshal.Cast<byte, float>(image.Pixels)) : image.Pixels;
        var pixels = new SKColor[shape.Width * shape.Height];
        for (var i = 0; i < pixels.Length; i++)
        {
            var first = i * shape.Channels;
            pixels[i] = new SKColor(bytes[first], bytes[first + Math.Min(1, shape.Channels - 1)], bytes[first + shape.Channels - 1]);
        }
        return new SKBitmap(shape.Width, shape.Height) { Pixels = pixels };
    }

    /// <summary>Numbers as bytes: those of 0 to 255 as they are, others from the least to the greatest.</summary>
    private static byte[] Stretched(ReadOnlySpan<float> values)
    {
        var (least, greatest) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        if (least >= 0 && greatest is > 1 and <= 255)
            (least, greatest) = (0, 255);
        var bytes = new byte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = greatest > least ? (byte)Math.Round((values[i] - least) / (greatest - least) * 255) : (byte)0;
        return bytes;
    }
}
