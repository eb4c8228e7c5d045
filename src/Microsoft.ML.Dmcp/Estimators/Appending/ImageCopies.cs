using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

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
