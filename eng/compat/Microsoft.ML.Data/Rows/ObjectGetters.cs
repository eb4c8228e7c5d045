using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The getters of a row of objects, made when a column is first asked for.</summary>
internal sealed class ObjectGetters<TRow>(RowColumn[] columns, DataViewSchema schema, Func<int, bool> active, Func<TRow> current)
    where TRow : class
{
    private readonly Delegate[] _getters = columns
        .Select((column, i) => active(i) ? RowReader<TRow>.MakeGetter(column, current) : null)
        .ToArray();

    public DataViewSchema Schema { get; } = schema;

    public bool IsActive(DataViewSchema.Column column)
    {
        Contracts.Check(column.Index >= 0 && column.Index < _getters.Length, $"Column index must be between 0 and {_getters.Length}");
        return _getters[column.Index] is not null;
    }

    public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
    {
        Contracts.CheckParam(IsActive(column), nameof(column), "requested column not active");
        var getter = _getters[column.Index];
        return getter as ValueGetter<TValue>
            ?? throw Contracts.Except($"Invalid TValue in GetGetter for column #{column}: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }
}
