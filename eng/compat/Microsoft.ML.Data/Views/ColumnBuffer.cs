using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

/// <summary>Values of one column, kept by slot.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>A buffer that fills itself from a row's column.</summary>
    public static ColumnBuffer Create(DataViewRow source, DataViewSchema.Column column)
        => column.Type is VectorDataViewType vector
            ? Utils.MarshalInvoke<ColumnBuffer>(CreateVector<int>, vector.ItemType.RawType, source, column)
            : Utils.MarshalInvoke<ColumnBuffer>(CreateScalar<int>, column.Type.RawType, source, column);

    /// <summary>Whether values of the type may be copied and kept: those that need disposal may not.</summary>
    public static bool CanHold(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType;

    public abstract void Fill(int slot);

    /// <summary>A getter of the value in the slot that <paramref name="slot"/> names at the time.</summary>
    public abstract Delegate MakeGetter(Func<int> slot);

    private static ColumnBuffer CreateVector<T>(DataViewRow source, DataViewSchema.Column column)
        => new Vector<T>(source.GetGetter<VBuffer<T>>(column));

    private static ColumnBuffer CreateScalar<T>(DataViewRow source, DataViewSchema.Column column)
        => new Typed<T>(source.GetGetter<T>(column));

    /// <summary>Values that are copied by assignment.</summary>
    public class Typed<T>(ValueGetter<T> source) : ColumnBuffer
    {
        private T[] _values = [];

        public override void Fill(int slot)
        {
            if (slot >= _values.Length)
            {
                Array.Resize(ref _values, Math.Max(2 * _values.Length, slot + 1));
            }

            source(ref _values[slot]);
        }

        public override Delegate MakeGetter(Func<int> slot) => (ValueGetter<T>)((ref T value) => Copy(in _values[slot()], ref value));

        protected virtual void Copy(in T from, ref T to) => to = from;
    }

    private sealed class Vector<T>(ValueGetter<VBuffer<T>> source) : Typed<VBuffer<T>>(source)
    {
        protected override void Copy(in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);
    }
}
