using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Another view's rows, with a count of all that is asked of them.</summary>
internal sealed class CountingView(IDataView rows) : IDataView
{
    private int _cursors, _openCursors;
    private long _rowsRead;

    public DataViewSchema Schema => rows.Schema;

    public bool CanShuffle => rows.CanShuffle;

    /// <summary>Cursors that were asked for.</summary>
    public int Cursors => _cursors;

    /// <summary>Cursors that were not disposed of.</summary>
    public int OpenCursors => _openCursors;

    /// <summary>Rows that cursors moved to.</summary>
    public long RowsRead => _rowsRead;

    /// <summary>Values that were read, for each column.</summary>
    public ConcurrentDictionary<string, int> ValuesRead { get; } = new();

    /// <summary>Columns that any cursor was asked for.</summary>
    public ConcurrentDictionary<string, bool> ColumnsAsked { get; } = new();

    /// <summary>Called at every row, with the number of rows so far.</summary>
    public Action<long>? AtRow { get; set; }

    public long? GetRowCount() => rows.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var columns = columnsNeeded.ToArray();
        foreach (var column in columns)
            ColumnsAsked[column.Name] = true;
        Interlocked.Increment(ref _cursors);
        Interlocked.Increment(ref _openCursors);
        return new Cursor(this, rows.GetRowCursor(columns, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(CountingView view, DataViewRowCursor inner) : DataViewRowCursor
    {
        private bool _disposed;

        public override DataViewSchema Schema => inner.Schema;

        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override bool MoveNext()
        {
            if (!inner.MoveNext())
                return false;
            var count = Interlocked.Increment(ref view._rowsRead);
            view.AtRow?.Invoke(count);
            return true;
        }

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var getter = inner.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                view.ValuesRead.AddOrUpdate(column.Name, 1, (_, count) => count + 1);
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_disposed)
            {
                _disposed = true;
                Interlocked.Decrement(ref view._openCursors);
                inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
