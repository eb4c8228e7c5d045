using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Transforms;

/// <summary>Collects the distinct values of a column.</summary>
internal abstract class TermMapBuilder
{
    public abstract int Count { get; }

    public static TermMapBuilder Create(DataViewRow row, DataViewSchema.Column column, int maximum, bool sorted)
        => Utils.MarshalInvoke<TermMapBuilder>(Make<int>, column.Type.GetItemType().RawType, row, column, maximum, sorted);

    /// <summary>Takes the values of the present row; false once there are as many as wanted.</summary>
    public abstract bool ProcessRow();

    public abstract TermMap Finish();

    private static TermMapBuilder Make<T>(DataViewRow row, DataViewSchema.Column column, int maximum, bool sorted)
        => new Typed<T>(row, column, maximum, sorted);

    private sealed class Typed<T> : TermMapBuilder
    {
        private readonly PrimitiveDataViewType _type;
        private readonly Func<bool> _process;
        private readonly int _maximum;
        private readonly bool _sorted;
        private readonly HashSet<T> _seen = new(TermText.EqualityComparer<T>());
        private readonly List<T> _terms = [];

        public Typed(DataViewRow row, DataViewSchema.Column column, int maximum, bool sorted)
        {
            _type = (PrimitiveDataViewType)column.Type.GetItemType();
            _maximum = maximum;
            _sorted = sorted;
            _process = column.Type is VectorDataViewType ? ProcessVector(row.GetGetter<VBuffer<T>>(column))
                : ProcessScalar(row.GetGetter<T>(column));
        }

        public override int Count => _terms.Count;

        public override bool ProcessRow() => _process();

        public override TermMap Finish()
        {
            if (_sorted)
            {
                _terms.Sort(TermText.Comparer<T>());
            }

            return new TermMap<T>(_type, [.. _terms]);
        }

        private Func<bool> ProcessScalar(ValueGetter<T> get)
        {
            T value = default;
            return () =>
            {
                get(ref value);
                return Add(value);
            };
        }

        private Func<bool> ProcessVector(ValueGetter<VBuffer<T>> get)
        {
            VBuffer<T> values = default;
            return () =>
            {
                get(ref values);
                return values.DenseValues().All(Add);
            };
        }

        private bool Add(T value)
        {
            if (!TermText.IsMissing(value, _type) && !_seen.Contains(value))
            {
                value = TermText.Own(value);
                _seen.Add(value);
                _terms.Add(value);
            }

            return _terms.Count < _maximum;
        }
    }
}
