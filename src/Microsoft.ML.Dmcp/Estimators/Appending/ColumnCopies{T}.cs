using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>Copies of a column's values as they are got.</summary>
/// <typeparam name="T">Type of a value.</typeparam>
internal abstract class ColumnCopies<T> : ColumnCopies
{
    /// <summary>Gives the copy of a row; may use what <paramref name="value"/> holds.</summary>
    public abstract void Get(int row, ref T value);
}

/// <summary>Numbers, texts and other values that are copied by assigning them.</summary>
internal sealed class ValueCopies<T>(DataViewRow cursor, DataViewSchema.Column column, int rows) : ColumnCopies<T>
{
    private readonly ValueGetter<T> _getter = cursor.GetGetter<T>(column);
    private readonly T[] _values = new T[rows];

    public override void Read(int row) => _getter(ref _values[row]);

    public override void Get(int row, ref T value) => value = _values[row];
}

/// <summary>Vectors, each in buffers of its own, which are used again.</summary>
internal sealed class VectorCopies<T>(DataViewRow cursor, DataViewSchema.Column column, int rows) : ColumnCopies<VBuffer<T>>
{
    private readonly ValueGetter<VBuffer<T>> _getter = cursor.GetGetter<VBuffer<T>>(column);
    private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

    public override void Read(int row) => _getter(ref _values[row]);

    public override void Get(int row, ref VBuffer<T> value) => _values[row].CopyTo(ref value);
}

/// <summary>Images, by their pixels: the preceding transform takes an image back at the next row.</summary>
internal sealed class ImageCopies(DataViewRow cursor, DataViewSchema.Column column, int rows) : ColumnCopies<MLImage>
{
    private readonly ValueGetter<MLImage> _getter = cursor.GetGetter<MLImage>(column);
    private readonly (byte[] Pixels, int Width, int Height, MLPixelFormat Format, string? Tag)?[] _values =
        new (byte[], int, int, MLPixelFormat, string?)?[rows];
    private MLImage? _image;

    public override void Read(int row)
    {
        var image = ImageColumnReader.Get(_getter, ref _image, column.Name);
        _values[row] = image is null ? null : (image.Pixels.ToArray(), image.Width, image.Height, image.PixelFormat, image.Tag);
    }

    public override void Get(int row, ref MLImage value)
    {
        // As ML.NET's own getters do: the caller hands back what it got last.
        value?.Dispose();
        value = _values[row] is { } v ? MLImage.CreateFromPixels(v.Width, v.Height, v.Format, v.Pixels) : null!;
        if (value is not null)
            value.Tag = _values[row]!.Value.Tag;
    }
}
