using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>Vectors, each in buffers of its own, which are used again.</summary>
internal sealed class VectorCopies<T>(DataViewRow cursor, DataViewSchema.Column column, int rows) : ColumnCopies<VBuffer<T>>
{
    private readonly ValueGetter<VBuffer<T>> _getter = cursor.GetGetter<VBuffer<T>>(column);
    private readonly VBuffer<T>[] _values = new VBuffer<T>[rows];

    public override void Read(int row) => _getter(ref _values[row]);

    public override void Get(int row, ref VBuffer<T> value) => _values[row].CopyTo(ref value);
}
