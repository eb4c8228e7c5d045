using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Images;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>The texts of a row, such as the path of its image: by them its owner finds it again.</summary>
/// <param name="row">The row or cursor, with <see cref="Columns(DataViewSchema, DataViewSchema.Column)"/> active.</param>
internal sealed class RowTexts(DataViewRow row)
{
    private readonly (string Name, ValueGetter<ReadOnlyMemory<char>> Get)[] _texts =
        Columns(row.Schema).Where(row.IsColumnActive).Select(c => (c.Name, row.GetGetter<ReadOnlyMemory<char>>(c))).ToArray();

    /// <summary>The columns of a schema that are read for it, beside a column of images: a vector comes from no file.</summary>
    public static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema, DataViewSchema.Column image) =>
        ImageColumnReader.IsImage(image.Type) ? Columns(schema) : [];

    private static IEnumerable<DataViewSchema.Column> Columns(DataViewSchema schema) =>
        schema.Where(c => !c.IsHidden && c.Type is TextDataViewType);

    /// <summary>Name and value of every text at the current row; empty where there are none.</summary>
    public override string ToString() => string.Join(", ", _texts.Select(t =>
    {
        ReadOnlyMemory<char> value = default;
        t.Get(ref value);
        return $"{t.Name} '{value}'";
    }));
}
