namespace Microsoft.ML.Data;

/// <summary>Shorthands for cursors.</summary>
internal static class DataViewExtensions
{
    public static DataViewRowCursor GetRowCursor(this IDataView dv, params DataViewSchema.Column[] columnsNeeded)
        => dv.GetRowCursor(columnsNeeded, null);

    public static DataViewRowCursor GetRowCursorForAllColumns(this IDataView dv) => dv.GetRowCursor(dv.Schema);
}
