namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>Numbers, texts and other values that are copied by assigning them.</summary>
internal sealed class ValueCopies<T>(DataViewRow cursor, DataViewSchema.Column column, int rows) : ColumnCopies<T>
{
    private readonly ValueGetter<T> _getter = cursor.GetGetter<T>(column);
    private readonly T[] _values = new T[rows];

    public override void Read(int row) => _getter(ref _values[row]);

    public override void Get(int row, ref T value) => value = _values[row];
}
