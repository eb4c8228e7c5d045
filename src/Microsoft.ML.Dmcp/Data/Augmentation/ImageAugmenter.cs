using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Data.Augmentation;

/// <summary>Copies an image into a batch, changed at random: first its geometry, then its colours.</summary>
/// <param name="shape">Size of the images.</param>
internal sealed class ImageAugmenter(ImageShape shape)
{
    // torchvision's RandomResizedCrop.
    private const double LeastArea = 0.08, LeastAspect = 3.0 / 4, LargestAspect = 4.0 / 3;
    private const int Attempts = 10;

    /// <summary>Copies one image.</summary>
    /// <param name="image">Its pixels, [H, W, C].</param>
    /// <param name="target">Where they go, over whatever is there.</param>
    /// <param name="augmentation">How it is changed.</param>
    /// <param name="random">By how much.</param>
    public void Copy(ReadOnlySpan<byte> image, Span<byte> target, AugmentationPlan augmentation, RandomSource random)
    {
        if (augmentation.ResizedCrop)
            ResizedCrop(image, target, augmentation.HorizontalFlip, random);
        else
            PaddedCrop(image, target, augmentation, random);
        if (augmentation.Jitter is null)
            return;
        if (shape.IsFloat)
        {
            var floats = MemoryMarshal.Cast<byte, float>(target);
            ColorChanges.Apply(floats, shape.Channels, augmentation.Jitter, random, float.PositiveInfinity, 0);
        }
        else
        {
            ColorChanges.Apply(target, shape.Channels, augmentation.Jitter, random, byte.MaxValue, 0.5f);
        }
    }

    private void PaddedCrop(ReadOnlySpan<byte> image, Span<byte> target, AugmentationPlan augmentation, RandomSource random)
    {
        var (dx, dy, flip) = (0, 0, false);
        if (augmentation.CropPadding > 0)
        {
            dx = random.NextInt32(2 * augmentation.CropPadding + 1) - augmentation.CropPadding;
            dy = random.NextInt32(2 * augmentation.CropPadding + 1) - augmentation.CropPadding;
        }
        if (augmentation.HorizontalFlip)
            flip = random.NextInt32(2) == 1;
        if ((dx, dy, flip) == (0, 0, false))
        {
            image.CopyTo(target);
            return;
        }
        // The window's pixel (x, y) is the image's (x + dx, y + dy); outside of the image it is black.
        target.Clear();
        var (left, right) = (Math.Max(0, -dx), Math.Min(shape.Width, shape.Width - dx));
        if (left >= right)
            return;
        for (var y = Math.Max(0, -dy); y < Math.Min(shape.Height, shape.Height - dy); y++)
        {
            var source = image.Slice((y + dy) * shape.RowBytes, shape.RowBytes);
            var row = target.Slice(y * shape.RowBytes, shape.RowBytes);
            if (!flip)
            {
                source[((left + dx) * shape.PixelBytes)..((right + dx) * shape.PixelBytes)].CopyTo(row[(left * shape.PixelBytes)..]);
                continue;
            }
            for (var x = left; x < right; x++)
                source.Slice((x + dx) * shape.PixelBytes, shape.PixelBytes).CopyTo(row[((shape.Width - 1 - x) * shape.PixelBytes)..]);
        }
    }

    private void ResizedCrop(ReadOnlySpan<byte> image, Span<byte> target, bool mayFlip, RandomSource random)
    {
        var (left, top, width, height) = Window(random);
        var flip = mayFlip && random.NextInt32(2) == 1;
        var columns = new (int First, int Second, float Share)[shape.Width];
        for (var x = 0; x < shape.Width; x++)
            columns[flip ? shape.Width - 1 - x : x] = Neighbours(x, shape.Width, left, width);
        if (shape.IsFloat)
            Resize(MemoryMarshal.Cast<byte, float>(image), MemoryMarshal.Cast<byte, float>(target), columns, top, height, 0);
        else
            Resize<byte>(image, target, columns, top, height, 0.5f);
    }

    /// <summary>
    /// Bilinear interpolation; a window is never larger than the image, so nothing has to be averaged. Rows are stretched once, though
    /// several of the target lie between the same two.
    /// </summary>
    private void Resize<T>(
        ReadOnlySpan<T> image, Span<T> target, (int First, int Second, float Share)[] columns, int top, int height, float rounding)
        where T : unmanaged, INumberBase<T>
    {
        var rowLength = shape.Width * shape.Channels;
        var rented = ArrayPool<float>.Shared.Rent(2 * rowLength);
        var (above, below) = (rented.AsMemory(0, rowLength), rented.AsMemory(rowLength, rowLength));
        var (rowAbove, rowBelow) = (-1, -1);
        for (var y = 0; y < shape.Height; y++)
        {
            var (first, second, share) = Neighbours(y, shape.Height, top, height);
            if (first == rowBelow)
            {
                (above, below) = (below, above);
                (rowAbove, rowBelow) = (rowBelow, rowAbove);
            }
            if (first != rowAbove)
                Stretch(image.Slice(first * rowLength, rowLength), above.Span, columns);
            if (second != rowBelow)
                Stretch(image.Slice(second * rowLength, rowLength), below.Span, columns);
            rowAbove = first;
            rowBelow = second;
            var row = target.Slice(y * rowLength, rowLength);
            ReadOnlySpan<float> high = above.Span, low = below.Span;
            for (var i = 0; i < row.Length; i++)
                row[i] = T.CreateTruncating(high[i] + (low[i] - high[i]) * share + rounding);
        }
        ArrayPool<float>.Shared.Return(rented);
    }

    private void Stretch<T>(ReadOnlySpan<T> row, Span<float> target, (int First, int Second, float Share)[] columns)
        where T : unmanaged, INumberBase<T>
    {
        var at = 0;
        foreach (var (west, east, share) in columns)
            for (var c = 0; c < shape.Channels; c++)
            {
                var value = float.CreateTruncating(row[west * shape.Channels + c]);
                target[at++] = value + (float.CreateTruncating(row[east * shape.Channels + c]) - value) * share;
            }
    }

    /// <summary>
    /// A window of 8 to 100 % of the area and an aspect of 3/4 to 4/3 of the image's; the whole image when ten attempts do not fit.
    /// </summary>
    private (int Left, int Top, int Width, int Height) Window(RandomSource random)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = shape.Width * shape.Height * (LeastArea + (1 - LeastArea) * random.NextDouble());
            var aspect = Math.Exp(Math.Log(LeastAspect) + (Math.Log(LargestAspect) - Math.Log(LeastAspect)) * random.NextDouble());
            var (width, height) = ((int)Math.Round(Math.Sqrt(area * aspect)), (int)Math.Round(Math.Sqrt(area / aspect)));
            if (width >= 1 && width <= shape.Width && height >= 1 && height <= shape.Height)
                return (random.NextInt32(shape.Width - width + 1), random.NextInt32(shape.Height - height + 1), width, height);
        }
        return (0, 0, shape.Width, shape.Height);
    }

    /// <summary>The two source pixels around the centre of a target pixel, and the share of the second.</summary>
    private static (int First, int Second, float Share) Neighbours(int position, int size, int start, int length)
    {
        var at = Math.Clamp((position + 0.5f) * length / size - 0.5f, 0, length - 1);
        var first = (int)at;
        return (start + first, start + Math.Min(first + 1, length - 1), at - first);
    }
}
