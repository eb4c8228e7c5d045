using SkiaSharp;

namespace Dmcp.AutoML.Images;

/// <summary>Whether bytes are an image that can be decoded in reasonable memory; only its header is read.</summary>
internal static class ImageProbe
{
    /// <summary>Largest number of pixels of an image: 64 million.</summary>
    public const long MostPixels = 64_000_000;

    public static bool IsImage(byte[] bytes)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        return codec is { Info: { Width: > 0, Height: > 0 } info } && (long)info.Width * info.Height <= MostPixels;
    }
}
