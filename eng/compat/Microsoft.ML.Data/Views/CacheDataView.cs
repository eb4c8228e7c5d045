using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view that keeps in memory every column that has been asked for, and can then be read in any order.</summary>
internal sealed class CacheDataView : IDataView
{
    private readonly IHost _host;
    private readonly IDataView _source;
    private readonly ColumnBuffer[] _columns;
    private readonly Lock _lock = new();
    private int? _rowCount;

    public CacheDataView(IHostEnvironment env, IDataView input, int[] prefetch)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register("Cache");
        _host.CheckValue(input, nameof(input));
        prefetch ??= [];
        foreach (var column in prefetch.Select(i => input.Schema[i]).Where(c => !ColumnBuffer.CanHold(c.Type)))
        {
            throw _host.Except("Asked to prefetch column '{0}' into cache, but it is of unhandled type '{1}'", column.Name, column.Type);
        }

        _source = ColumnSubsetView.Without(_host, input, c => !ColumnBuffer.CanHold(c.Type));
        _columns = new ColumnBuffer[_source.Schema.Count];
        if (prefetch.Length > 0)
        {
            Fill(prefetch.Select(i => _source.Schema[input.Schema[i].Name]));
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount() => _rowCount ?? _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var count = Fill(needed);
        var order = rand is null ? null : Utils.GetRandomPermutation(rand, count);
        return new Cursor(_host, this, Utils.BuildArray(Schema.Count, needed), order, 0, count);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        var active = Utils.BuildArray(Schema.Count, needed);
        var count = Fill(needed);
        var order = rand is null ? null : Utils.GetRandomPermutation(rand, count);
        n = Math.Max(1, n);
        int Start(int i) => (int)((long)count * i / n);
        return Utils.BuildArray<DataViewRowCursor>(n, i => new Cursor(_host, this, active, order, Start(i), Start(i + 1)));
    }

    // One pass over the source for the columns not there yet. Gives the number of rows.
    private int Fill(IEnumerable<DataViewSchema.Column> columns)
    {
        lock (_lock)
        {
            var missing = columns.Where(c => _columns[c.Index] is null).ToArray();
            if (missing.Length == 0 && _rowCount is { } known)
            {
                return known;
            }

            using var cursor = _source.GetRowCursor(missing);
            var buffers = missing.Select(c => ColumnBuffer.Create(cursor, c)).ToArray();
            var rows = 0;
            for (; cursor.MoveNext(); rows++)
            {
                _host.CheckAlive();
                foreach (var buffer in buffers)
                {
                    buffer.Fill(rows);
                }
            }

            _host.Check(_rowCount is null || _rowCount == rows, "Inconsistent number of rows from input data view detected.");
            for (var i = 0; i < missing.Length; i++)
            {
                _columns[missing[i].Index] = buffers[i];
            }

            _rowCount = rows;
            return rows;
        }
    }

    private sealed class Cursor(IHost host, CacheDataView parent, bool[] active, int[] order, int from, int to) : RootCursorBase(host)
    {
        public override DataViewSchema Schema => parent.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row(), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
            var getter = parent._columns[column.Index].MakeGetter(Row);
            return getter as ValueGetter<TValue>
                ?? throw Ch.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
        }

        protected override bool MoveNextCore() => from + Position + 1 < to;

        private int Row()
        {
            Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
            var row = from + (int)Position;
            return order is null ? row : order[row];
        }
    }
}
