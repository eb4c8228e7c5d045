using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>Decoding and encoding by stb, through native/image.c.</summary>
internal static unsafe partial class ImageCodec
{
    /// <summary>The most pixels an image may have (512 MiB of them decoded): a header that promises more is refused before anything is allocated.</summary>
    public const long MaxPixels = 1L << 27;

    private const string Library = "ImageAnalyticsNative";

    /// <summary>Decodes a JPEG, PNG, BMP or GIF (its first frame); null where the data are none of these, corrupt or too large.</summary>
    public static PixelBuffer TryDecode(ReadOnlySpan<byte> data)
    {
        fixed (byte* source = data)
        {
            if (data.IsEmpty || image_size(source, data.Length, out var width, out var height, out var channels) == 0
                || width <= 0 || height <= 0 || (long)width * height > MaxPixels)
            {
                return null;
            }

            var pixels = GC.AllocateUninitializedArray<byte>(width * height * PixelBuffer.BytesPerPixel);
            int result;
            fixed (byte* target = pixels)
            {
                result = image_decode(source, data.Length, target, width, height);
            }

            // SkiaSharp decodes an image of gray alone to one byte a pixel, and MLImage makes Bgra32 of that.
            var format = channels == 1 ? MLPixelFormat.Bgra32 : PixelBuffer.DefaultFormat;
            return result == 0 ? null : new PixelBuffer(width, height, format, isOpaque: result == 1, pixels);
        }
    }

    /// <summary>Encodes <paramref name="pixels"/> (rows of 3 or 4 <paramref name="channels"/>) as PNG; null where it fails.</summary>
    public static byte[] EncodePng(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        fixed (byte* source = pixels)
        {
            var encoded = image_encode_png(source, width, height, channels, out var length);
            return Take(encoded, length);
        }
    }

    /// <summary>Encodes <paramref name="pixels"/> (rows of 3 or 4 <paramref name="channels"/>) as JPEG of the best quality; null where it fails.</summary>
    public static byte[] EncodeJpeg(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        fixed (byte* source = pixels)
        {
            var encoded = image_encode_jpeg(source, width, height, channels, quality: 100, out var length);
            return Take(encoded, length);
        }
    }

    private static byte[] Take(byte* encoded, int length)
    {
        if (encoded == null)
        {
            return null;
        }

        try
        {
            return new ReadOnlySpan<byte>(encoded, length).ToArray();
        }
        finally
        {
            image_free(encoded);
        }
    }

    [LibraryImport(Library)]
    private static partial int image_size(byte* data, int length, out int width, out int height, out int channels);

    [LibraryImport(Library)]
    private static partial int image_decode(byte* data, int length, byte* pixels, int width, int height);

    [LibraryImport(Library)]
    private static partial byte* image_encode_jpeg(byte* pixels, int width, int height, int channels, int quality, out int length);

    [LibraryImport(Library)]
    private static partial byte* image_encode_png(byte* pixels, int width, int height, int channels, out int length);

    [LibraryImport(Library)]
    private static partial void image_free(byte* data);
}
