using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>One row with its appended columns, as PredictionEngine reads it.</summary>
internal sealed class AppendingRow(DataViewSchema schema, DataViewRow row, AppendedValues? appended, HashSet<int> active) : DataViewRow
{
    public override DataViewSchema Schema => schema;

    public override long Position => row.Position;

    public override long Batch => row.Batch;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => row.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        AppendingGetters.Get<TValue>(column, row, appended, IsColumnActive(column));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            appended?.Dispose();
            row.Dispose();
        }
        base.Dispose(disposing);
    }
}
