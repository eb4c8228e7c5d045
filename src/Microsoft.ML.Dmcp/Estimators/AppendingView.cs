using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>The view of a transformer over its input. Nothing is computed until a cursor asks for an appended column.</summary>
internal sealed class AppendingView(AppendingTransformer transformer, IDataView input) : IDataView
{
    public DataViewSchema Schema { get; } = transformer.GetOutputSchema(input.Schema);

    // Rows are computed in the input's order, several at a time.
    public bool CanShuffle => false;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.Select(c => c.Index).ToHashSet();
        var passed = input.Schema.Where(c => needed.Contains(c.Index));
        var rows = input.GetRowCursor(passed);
        if (!needed.Any(i => i >= input.Schema.Count))
            return new AppendingCursor(Schema, rows, null, null, needed);
        var reads = transformer.Reads(input.Schema);
        var ahead = reads.Count == 0 ? null : input.GetRowCursor(reads);
        return new AppendingCursor(Schema, rows, ahead, transformer.OpenCursor(ahead), needed);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}
