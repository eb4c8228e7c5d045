using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Data;

/// <summary>Brings an image to another size, with the placements and the filters of the real MLImage.</summary>
internal static class ImageResampler
{
    private const int Taps = 4;

    public static PixelBuffer Resize(PixelBuffer source, int width, int height, ImageResizeMode mode) => mode switch
    {
        ImageResizeMode.Fill => Nearest(source, width, height),
        ImageResizeMode.Pad or (>= ImageResizeMode.CropAnchorTop and <= ImageResizeMode.CropAnchorCentral) =>
            Mitchell(source, width, height, ResizePlacement.Of(source, width, height, mode)),
        _ => throw new ArgumentException("Invalid resize mode value.", nameof(mode)),
    };

    /// <summary>Every pixel is the source's that lies under its centre.</summary>
    private static PixelBuffer Nearest(PixelBuffer source, int width, int height)
    {
        var pixels = new byte[checked(width * height * PixelBuffer.BytesPerPixel)];
        var from = MemoryMarshal.Cast<byte, uint>(source.Pixels);
        var to = MemoryMarshal.Cast<byte, uint>(pixels.AsSpan());
        for (var y = 0; y < height; y++)
        {
            var row = from.Slice(NearestIndex(y, height, source.Height) * source.Width, source.Width);
            for (var x = 0; x < width; x++)
            {
                to[(y * width) + x] = row[NearestIndex(x, width, source.Width)];
            }
        }

        return new PixelBuffer(width, height, source.Format, source.IsOpaque, pixels);
    }

    private static int NearestIndex(int index, int size, int sourceSize) => (int)(((2L * index) + 1) * sourceSize / (2L * size));

    /// <summary>
    /// Mitchell and Netravali's cubic filter over 4 × 4 source pixels round the centre of each target pixel, whatever the scale
    /// (Skia's canvas does not widen it for shrinking), drawn at <paramref name="placement"/> on an empty opaque image.
    /// </summary>
    private static PixelBuffer Mitchell(PixelBuffer source, int width, int height, ResizePlacement placement)
    {
        var target = PixelBuffer.CreateOpaque(width, height);
        var left = Math.Max(0, placement.X);
        var right = Math.Min(width, placement.X + placement.Width);
        var top = Math.Max(0, placement.Y);
        var bottom = Math.Min(height, placement.Y + placement.Height);
        if (left >= right || top >= bottom)
        {
            return target;
        }

        var columns = new MitchellTaps(left, right, placement.X, placement.Width, source.Width);
        var rows = new MitchellTaps(top, bottom, placement.Y, placement.Height, source.Height);

        // The four source rows in use, resampled across; a row is kept in the slot of its number modulo four.
        var resampled = new Vector128<float>[Taps][];
        var held = new int[Taps];
        for (var slot = 0; slot < Taps; slot++)
        {
            resampled[slot] = new Vector128<float>[right - left];
            held[slot] = -1;
        }

        for (var y = top; y < bottom; y++)
        {
            var indices = rows.Indices(y - top);
            for (var tap = 0; tap < Taps; tap++)
            {
                var slot = indices[tap] % Taps;
                if (held[slot] != indices[tap])
                {
                    Across(source, indices[tap], columns, resampled[slot]);
                    held[slot] = indices[tap];
                }
            }

            var weights = rows.Weights(y - top);
            var (a, b, c, d) = (resampled[indices[0] % Taps], resampled[indices[1] % Taps], resampled[indices[2] % Taps], resampled[indices[3] % Taps]);
            var output = target.Pixels.AsSpan(((y * width) + left) * PixelBuffer.BytesPerPixel);
            for (var x = 0; x < right - left; x++)
            {
                Store((a[x] * weights[0]) + (b[x] * weights[1]) + (c[x] * weights[2]) + (d[x] * weights[3]), source.IsOpaque, output[(x * PixelBuffer.BytesPerPixel)..]);
            }
        }

        return target;
    }

    private static void Across(PixelBuffer source, int row, MitchellTaps columns, Vector128<float>[] resampled)
    {
        var pixels = source.Pixels.AsSpan(row * source.Width * PixelBuffer.BytesPerPixel, source.Width * PixelBuffer.BytesPerPixel);
        var swap = source.Format != PixelBuffer.DefaultFormat;
        for (var x = 0; x < resampled.Length; x++)
        {
            var indices = columns.Indices(x);
            var weights = columns.Weights(x);
            var sum = (Load(pixels, indices[0]) * weights[0]) + (Load(pixels, indices[1]) * weights[1])
                + (Load(pixels, indices[2]) * weights[2]) + (Load(pixels, indices[3]) * weights[3]);
            resampled[x] = swap ? Vector128.Shuffle(sum, Vector128.Create(2, 1, 0, 3)) : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load(ReadOnlySpan<byte> pixels, int index)
    {
        var pixel = MemoryMarshal.Read<uint>(pixels[(index * PixelBuffer.BytesPerPixel)..]);
        var wide = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixel).AsByte()));
        return Vector128.ConvertToSingle(wide.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> color, bool isOpaque, Span<byte> pixel)
    {
        // A cubic filter overshoots: alpha is held within the scale, and a premultiplied color within its alpha.
        var alpha = isOpaque ? 255f : Math.Clamp(color[3], 0f, 255f);
        var clamped = Vector128.Min(Vector128.Max(color.WithElement(3, alpha), Vector128<float>.Zero), Vector128.Create(alpha));
        var rounded = Vector128.ConvertToInt32(clamped + Vector128.Create(0.5f));
        pixel[3] = (byte)rounded[3];
        pixel[2] = (byte)rounded[2];
        pixel[1] = (byte)rounded[1];
        pixel[0] = (byte)rounded[0];
    }
}
