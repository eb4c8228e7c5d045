using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.AutoML.Data;

/// <summary>
/// Images that were read and decoded once, as the rows that searches and trainings read: one vector of pixels, and the class with the
/// annotations of the column that it came from.
/// </summary>
internal sealed class ImageSetView : IDataView
{
    private readonly ImageSet _set;
    private readonly VectorImage _vector;

    /// <param name="set">The images.</param>
    /// <param name="label">The column of classes that they were read with.</param>
    /// <param name="features">Name of the column of pixels.</param>
    /// <param name="layout">In which order a vector holds the pixels.</param>
    public ImageSetView(ImageSet set, DataViewSchema.Column label, string features, PixelLayout layout)
    {
        _set = set;
        _vector = new VectorImage(layout, set.Shape.Channels, set.Shape.Height, set.Shape.Width);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(label.Name, new KeyDataViewType(typeof(uint), set.Classes), label.Annotations);
        var pixel = set.Shape.IsFloat ? NumberDataViewType.Single : NumberDataViewType.Byte;
        builder.AddColumn(features, new VectorDataViewType(pixel, set.Shape.Channels, set.Shape.Height, set.Shape.Width));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _set.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new ImageSetCursor(_set, _vector, Schema);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
