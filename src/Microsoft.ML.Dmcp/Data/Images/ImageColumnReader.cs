using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>Reads the image of a row, whatever kind of column holds it.</summary>
internal sealed class ImageColumnReader
{
    private const int Colours = 3;

    private readonly string _column;
    private readonly Func<ReadImage?> _read;
    // The preceding transform owns the image: it takes it back at the next row and at the end of its cursor.
    private MLImage? _image;

    private ImageColumnReader(DataViewRow row, DataViewSchema.Column column, VectorImage vector)
    {
        _column = column.Name;
        if (IsImage(column.Type))
        {
            var getter = row.GetGetter<MLImage>(column);
            _read = () => ReadPixels(getter);
        }
        else if (column.Type is VectorDataViewType { ItemType: var item } && item == NumberDataViewType.Single)
            _read = VectorReader<float>(row, column, vector, isFloat: true);
        else
            _read = VectorReader<byte>(row, column, vector, isFloat: false);
    }

    /// <summary>Whether a column holds images rather than vectors.</summary>
    public static bool IsImage(DataViewType type) => type.RawType == typeof(MLImage);

    /// <summary>Checks that a column holds images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not; the message is ML.NET's, with what to do.</exception>
    public static void Check(DataViewSchema.Column column, VectorImage vector)
    {
        if (IsImage(column.Type))
            return;
        if (column.Type is VectorDataViewType type
            && (type.ItemType == NumberDataViewType.Single || type.ItemType == NumberDataViewType.Byte))
        {
            if (type.Size > 0 && vector.ShapeOf(type.Size, isFloat: false) is null)
                throw new ArgumentOutOfRangeException(nameof(column),
                    $"Schema mismatch for feature column '{column.Name}': " +
                    $"a vector of {type.Size} elements is not an image of {Colours} colours" +
                    (vector.Height > 0 ? $" and {vector.Width}x{vector.Height} pixels"
                        : type.Size % Colours == 0 ? ", nor a square one: set ImageHeight and ImageWidth"
                        : ": its length is no multiple of 3. Give every pixel red, green and blue; " +
                            "a grey image has the same value three times") + ".");
            return;
        }
        throw new ArgumentOutOfRangeException(nameof(column),
            $"Schema mismatch for feature column '{column.Name}': " +
            $"expected Image, or a vector of Single or Byte, got {column.Type}. Use LoadImages, or ExtractPixels behind it.");
    }

    /// <summary>Opens the column of a row or cursor.</summary>
    /// <param name="row">The row or cursor.</param>
    /// <param name="column">The column.</param>
    /// <param name="vector">How a vector holds an image.</param>
    public static ImageColumnReader Open(DataViewRow row, DataViewSchema.Column column, VectorImage vector)
    {
        Check(column, vector);
        return new ImageColumnReader(row, column, vector);
    }

    /// <summary>
    /// The image of the current row; null where the row has none or it cannot be read. A file that is missing or is no image makes the
    /// getter throw; what it throws depends on the preceding transform.
    /// </summary>
    /// <exception cref="InvalidOperationException">A vector has no image's length.</exception>
    public ReadImage? ReadOrSkip(ref Exception? firstFailure)
    {
        try
        {
            return _read();
        }
        catch (Exception e) when (e is ArgumentException or IOException or FormatException
            or NotSupportedException or UnauthorizedAccessException)
        {
            firstFailure ??= e;
            return null;
        }
    }

    private ReadImage? ReadPixels(ValueGetter<MLImage> getter)
    {
        if (Get(getter, ref _image, _column) is not { } source)
            return null;
        var shape = new ImageShape(Colours, source.Height, source.Width, IsFloat: false);
        var pixels = source.Pixels;
        var (red, blue) = source.PixelFormat == MLPixelFormat.Rgba32 ? (0, 2) : (2, 0);
        var image = new byte[shape.Bytes];
        for (int from = 0, target = 0; target < image.Length; from += 4, target += Colours)
        {
            image[target] = pixels[from + red];
            image[target + 1] = pixels[from + 1];
            image[target + 2] = pixels[from + blue];
        }
        return new ReadImage(image, shape, source.Tag);
    }

    /// <summary>The image of the current row; null where the row has none.</summary>
    /// <param name="getter">Gets it.</param>
    /// <param name="last">The image of the row before, which the preceding transform takes back.</param>
    /// <param name="column">Name of the column.</param>
    /// <exception cref="InvalidOperationException">The row's own image was disposed of.</exception>
    public static MLImage? Get(ValueGetter<MLImage> getter, ref MLImage? last, string column)
    {
        var before = last;
        try
        {
            getter(ref last!);
        }
        catch (InvalidOperationException e) when (e.Source == typeof(MLImage).Assembly.GetName().Name
            && e.Message.Contains("disposed", StringComparison.OrdinalIgnoreCase))
        {
            throw Disposed(column, e);
        }
        if (last is null || !IsDisposed(last))
            return last;
        // ResizeImages and ConvertToGrayscale dispose of their last image where the row has none, and leave it where it was.
        return ReferenceEquals(before, last) ? null : throw Disposed(column, null);
    }

    private static InvalidOperationException Disposed(string column, Exception? inner) => new(
        $"The image of column '{column}' was disposed of before it was read. " +
        "ResizeImages passes on images in memory that have its size already, and disposes of them at the next row: " +
        "leave ResizeImages out where all images have the right size, or read the images anew for every pass.", inner);

    private static bool IsDisposed(MLImage image)
    {
        try
        {
            return image.Width == 0;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private Func<ReadImage?> VectorReader<T>(DataViewRow row, DataViewSchema.Column column, VectorImage vector, bool isFloat)
        where T : unmanaged
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var buffer = default(VBuffer<T>);
        return () =>
        {
            getter(ref buffer);
            if (buffer.Length == 0)
                return null;
            var shape = vector.ShapeOf(buffer.Length, isFloat)
                ?? throw new InvalidOperationException(
                    $"Column '{_column}' holds a vector of {buffer.Length} elements, which is not an image of " +
                    $"{vector.Channels} colours; set ImageHeight and ImageWidth.");
            var image = new byte[shape.Bytes];
            var target = MemoryMarshal.Cast<byte, T>(image.AsSpan());
            foreach (var (position, value) in buffer.Items())
            {
                if (value is float number && !float.IsFinite(number))
                    throw new PixelException(
                        $"column '{_column}' holds {number.ToString(CultureInfo.InvariantCulture)} as element {position} " +
                        "of its vector, which is no pixel");
                target[vector.Layout == PixelLayout.Interleaved ? position : Interleave(position, shape)] = value;
            }
            return new ReadImage(image, shape);
        };
    }

    /// <summary>Where element c·H·W + p of a planar image stands in an interleaved one.</summary>
    private static int Interleave(int position, ImageShape shape)
    {
        var (channel, pixel) = Math.DivRem(position, shape.Height * shape.Width);
        return pixel * shape.Channels + channel;
    }
}
