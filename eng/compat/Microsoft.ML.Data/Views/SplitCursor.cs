using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One of several cursors over the rows of another: each copies a batch of rows whenever it has passed its last. They may be read
/// on different threads.</summary>
internal sealed class SplitCursor : RootCursorBase
{
    private const int RowsOfBatch = 128;
    private readonly SharedCursor _input;
    private readonly ColumnBuffer[] _columns;
    private readonly DataViewRowId[] _ids = new DataViewRowId[RowsOfBatch];
    private int _row, _rows;
    private long _batch = -1;
    private bool _disposed;

    private SplitCursor(IHost host, SharedCursor input)
        : base(host)
    {
        _input = input;
        _columns = input.Rows.Schema.Select(c => input.Rows.IsColumnActive(c) ? ColumnBuffer.Create(input.Rows, c) : null).ToArray();
    }

    public override DataViewSchema Schema => _input.Rows.Schema;

    public override long Batch => _batch;

    /// <summary>Several cursors for one; that one alone if it has a column whose values cannot be kept.</summary>
    public static DataViewRowCursor[] Split(IHost host, DataViewRowCursor input, int count)
    {
        if (input.Schema.Any(c => input.IsColumnActive(c) && !ColumnBuffer.CanHold(c.Type)))
        {
            return [input];
        }

        var shared = new SharedCursor(input, count);
        return Utils.BuildArray<DataViewRowCursor>(count, _ => new SplitCursor(host, shared));
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns[column.Index] is not null;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[Row()];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.CheckParam(IsColumnActive(column), nameof(column), "requested column not active");
        var getter = _columns[column.Index].MakeGetter(Row);
        return getter as ValueGetter<TValue>
            ?? throw Ch.Except($"Invalid TValue: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }

    protected override bool MoveNextCore()
    {
        if (++_row < _rows)
        {
            return true;
        }

        (_row, _rows) = (0, 0);
        lock (_input)
        {
            var getId = _input.Rows.GetIdGetter();
            for (; _rows < RowsOfBatch && _input.Rows.MoveNext(); _rows++)
            {
                getId(ref _ids[_rows]);
                foreach (var column in _columns)
                {
                    column?.Fill(_rows);
                }
            }

            _batch = _input.Batches++;
        }

        return _rows > 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            lock (_input)
            {
                if (--_input.Readers == 0)
                {
                    _input.Rows.Dispose();
                }
            }
        }

        base.Dispose(disposing);
    }

    private int Row()
    {
        Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
        return _row;
    }

    /// <summary>The cursor that is read in turns; whoever reads it holds its lock.</summary>
    private sealed class SharedCursor(DataViewRowCursor rows, int readers)
    {
        public DataViewRowCursor Rows => rows;

        public int Readers { get; set; } = readers;

        public long Batches { get; set; }
    }
}
