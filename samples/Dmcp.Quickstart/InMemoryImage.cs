using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Dmcp.Quickstart;

/// <summary>An image as the networks get it: read and resized.</summary>
internal sealed class InMemoryImage
{
    // Any size: that of the run is in its schema.
    [ImageType(1, 1)]
    public MLImage Features { get; set; } = null!;

    /// <summary>Copies of a view's images, which have a size; the view disposes of its own at the next row.</summary>
    public static IReadOnlyList<InMemoryImage> Read(MLContext ml, IDataView view, int size) =>
        ml.Data.CreateEnumerable<InMemoryImage>(view, reuseRowObject: false, schemaDefinition: Schema(size))
            .Select(row => MLImage.CreateFromPixels(size, size, row.Features.PixelFormat, row.Features.Pixels))
            .Select(image => new InMemoryImage { Features = image }).ToArray();

    /// <summary>The rows' schema for images of a size.</summary>
    public static SchemaDefinition Schema(int size)
    {
        // ML.NET knows image types by their attributes, and attributes by their constants.
        new ImageTypeAttribute(size, size).Register();
        var schema = SchemaDefinition.Create(typeof(InMemoryImage));
        schema[nameof(Features)].ColumnType = new ImageDataViewType(size, size);
        return schema;
    }
}
