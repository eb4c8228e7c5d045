using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view whose rows come in random order: drawn from a pool that is kept full from the source, itself shuffled if it
/// can be.</summary>
internal sealed class RowShufflingView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly int _poolRows;
    private readonly bool _shuffleSource;
    private readonly int _seed;

    public RowShufflingView(IHostEnvironment env, IDataView source, int poolRows, bool shuffleSource, int? seed)
    {
        _host = env.Register("Shuffle");
        _source = ColumnSubsetView.Without(_host, source, c => !ColumnBuffer.CanHold(c.Type));
        _poolRows = poolRows;
        _shuffleSource = shuffleSource;
        _seed = seed ?? _host.Rand.Next(int.MinValue, int.MaxValue);
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        rand ??= RandomUtils.Create(_seed);
        Random sourceRand = _shuffleSource ? RandomUtils.Create(rand) : null;
        var input = _source.GetRowCursor(columnsNeeded, _source.CanShuffle ? sourceRand : null);
        return _poolRows == 1 ? input : new Cursor(_host, input, _poolRows, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : LinkedRootCursorBase
    {
        private readonly Random _rand;
        private readonly Dictionary<int, ColumnBuffer> _columns;
        private readonly ColumnBuffer _ids;

        // A ring of slots: those of the rows in the pool from _first on, _count of them, then free ones.
        private readonly int[] _slots;
        private int _first;
        private int _count;
        private int _current;
        private bool _ended;

        public Cursor(IHost host, DataViewRowCursor input, int poolRows, Random rand)
            : base(host, input)
        {
            _rand = rand;
            _slots = Utils.BuildArray(poolRows, i => i);
            _columns = input.Schema.Where(input.IsColumnActive).ToDictionary(c => c.Index, c => ColumnBuffer.Create(input, c));
            _ids = new ColumnBuffer.Typed<DataViewRowId>(input.GetIdGetter());
        }

        public override DataViewSchema Schema => Input.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.ContainsKey(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.MakeGetter(() => _current);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            var getter = _columns[column.Index].MakeGetter(() => _current);
            return getter as ValueGetter<TValue>
                ?? throw Ch.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
        }

        protected override bool MoveNextCore()
        {
            while (!_ended && _count < _slots.Length)
            {
                if (!Input.MoveNext())
                {
                    _ended = true;
                    break;
                }

                var free = _slots[(_first + _count++) % _slots.Length];
                _ids.Fill(free);
                foreach (var column in _columns.Values)
                {
                    column.Fill(free);
                }
            }

            if (_count == 0)
            {
                return false;
            }

            var drawn = (_first + _rand.Next(_count)) % _slots.Length;
            _current = _slots[drawn];
            _slots[drawn] = _slots[_first];
            _slots[_first] = _current;
            _first = (_first + 1) % _slots.Length;
            _count--;
            return true;
        }
    }
}
