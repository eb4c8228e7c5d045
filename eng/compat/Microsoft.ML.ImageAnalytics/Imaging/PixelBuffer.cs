namespace Microsoft.ML.Data;

/// <summary>Rows of pixels of four bytes, premultiplied by their alpha. What SkiaSharp's SKBitmap is to the real MLImage.</summary>
internal sealed class PixelBuffer(int width, int height, MLPixelFormat format, bool isOpaque, byte[] pixels)
{
    public const int BytesPerPixel = 4;

    /// <summary>The order SkiaSharp uses on Linux.</summary>
    public const MLPixelFormat DefaultFormat = MLPixelFormat.Rgba32;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public MLPixelFormat Format { get; } = format;

    /// <summary>Whether alpha is to be taken as 255 whatever the fourth byte says.</summary>
    public bool IsOpaque { get; } = isOpaque;

    public byte[] Pixels { get; } = pixels;

    /// <summary>A buffer of zeros in the default order.</summary>
    public static PixelBuffer CreateOpaque(int width, int height) =>
        new(width, height, DefaultFormat, isOpaque: true, new byte[checked(width * height * BytesPerPixel)]);

    /// <summary>The colors without alpha's factor, three bytes a pixel: blue, green, red or red, green, blue.</summary>
    public byte[] ToColors(bool blueFirst)
    {
        var colors = new byte[Width * Height * 3];
        var swap = blueFirst != (Format == MLPixelFormat.Bgra32);
        for (int source = 0, target = 0; target < colors.Length; source += BytesPerPixel, target += 3)
        {
            var alpha = IsOpaque ? byte.MaxValue : Pixels[source + 3];
            colors[target] = Divide(Pixels[source + (swap ? 2 : 0)], alpha);
            colors[target + 1] = Divide(Pixels[source + 1], alpha);
            colors[target + 2] = Divide(Pixels[source + (swap ? 0 : 2)], alpha);
        }

        return colors;
    }

    /// <summary>The bytes of a PNG or JPEG file, or null where <paramref name="extension"/> is of neither.</summary>
    public byte[] Encode(string extension)
    {
        if (extension.Equals(".png", StringComparison.OrdinalIgnoreCase))
        {
            return IsOpaque
                ? ImageCodec.EncodePng(ToColors(blueFirst: false), Width, Height, channels: 3)
                : ImageCodec.EncodePng(ToStraightRgba(), Width, Height, BytesPerPixel);
        }

        if (extension.Equals(".jpg", StringComparison.OrdinalIgnoreCase) || extension.Equals(".jpeg", StringComparison.OrdinalIgnoreCase))
        {
            // JPEG knows no alpha: what shows is the premultiplied color, as on black.
            return ImageCodec.EncodeJpeg(ToRgbaOrder(), Width, Height, BytesPerPixel);
        }

        return null;
    }

    private byte[] ToStraightRgba()
    {
        var pixels = ToRgbaOrder();
        for (var i = 0; i < pixels.Length; i += BytesPerPixel)
        {
            pixels[i] = Divide(pixels[i], pixels[i + 3]);
            pixels[i + 1] = Divide(pixels[i + 1], pixels[i + 3]);
            pixels[i + 2] = Divide(pixels[i + 2], pixels[i + 3]);
        }

        return pixels;
    }

    private byte[] ToRgbaOrder()
    {
        var pixels = (byte[])Pixels.Clone();
        if (Format == MLPixelFormat.Bgra32)
        {
            for (var i = 0; i < pixels.Length; i += BytesPerPixel)
            {
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
            }
        }

        return pixels;
    }

    private static byte Divide(byte color, byte alpha) => alpha switch
    {
        byte.MaxValue => color,
        0 => 0,
        _ => (byte)Math.Min(byte.MaxValue, ((color * byte.MaxValue) + (alpha / 2)) / alpha),
    };
}
