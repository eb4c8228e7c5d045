using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A row of one object, which can be exchanged for another.</summary>
internal sealed class InputRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly ObjectGetters<TRow> _getters;
    private TRow _value;
    private long _position = -1;

    public InputRow(SchemaDefinition definition)
    {
        var columns = RowColumn.Create(typeof(TRow), definition, SchemaDefinition.Direction.Read);
        _getters = new ObjectGetters<TRow>(columns, RowColumn.MakeSchema(columns), _ => true, Current);
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _getters.Schema;

    public void ExtractValues(TRow row)
    {
        Contracts.CheckValue(row, nameof(row));
        _value = row;
        _position++;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Position, 0);

    public override bool IsColumnActive(DataViewSchema.Column column) => _getters.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _getters.Get<TValue>(column);

    private TRow Current()
    {
        Contracts.Check(_position >= 0, RowCursorUtils.FetchValueStateError);
        return _value;
    }
}
