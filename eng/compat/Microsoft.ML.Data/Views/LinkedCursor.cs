using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A cursor that visits some rows of another, with the same columns.</summary>
internal abstract class LinkedCursor(IHost host, DataViewRowCursor input, bool[] active) : LinkedRootCursorBase(host, input)
{
    public override DataViewSchema Schema => Input.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.Check(IsColumnActive(column));
        return Input.GetGetter<TValue>(column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();
}
