using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>The caller's cursor over passed and appended columns.</summary>
internal sealed class AppendingCursor(DataViewSchema schema, DataViewRowCursor rows, DataViewRowCursor? ahead, AppendedValues? appended, HashSet<int> active) : DataViewRowCursor
{
    public override DataViewSchema Schema => schema;

    public override long Position => rows.Position;

    public override long Batch => rows.Batch;

    public override bool MoveNext()
    {
        if (!rows.MoveNext())
            return false;
        appended?.MoveNext();
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        AppendingGetters.Get<TValue>(column, rows, appended, IsColumnActive(column));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            appended?.Dispose();
            ahead?.Dispose();
            rows.Dispose();
        }
        base.Dispose(disposing);
    }
}
