using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>
/// The caller's cursor over passed and appended columns: one cursor over the input, which may give its rows only once or each time in
/// another order. Rows are read some ahead, so that many are predicted together; what is passed on is copied meanwhile.
/// </summary>
internal sealed class AppendingCursor : DataViewRowCursor
{
    private const int LargestBatch = 64;

    private readonly DataViewSchema _schema;
    private readonly DataViewRowCursor _rows;
    private readonly AppendedValues? _appended;
    private readonly HashSet<int> _active;
    private readonly Dictionary<int, ColumnCopies> _copies = [];
    private readonly ValueGetter<DataViewRowId> _readId;
    private readonly RowMark[] _marks;
    private readonly int _largest;
    private ExceptionDispatchInfo? _failure;
    private int _size = 1, _count, _row = -1;

    private readonly record struct RowMark(DataViewRowId Id, long Position, long Batch);

    /// <param name="schema">Passed and appended columns.</param>
    /// <param name="rows">
    /// The input's cursor, over the passed columns and those that appended ones are computed from; disposed with this one.
    /// </param>
    /// <param name="appended">The appended columns' values; null where none is active.</param>
    /// <param name="active">Indices of the active columns.</param>
    public AppendingCursor(DataViewSchema schema, DataViewRowCursor rows, AppendedValues? appended, HashSet<int> active)
    {
        _schema = schema;
        _rows = rows;
        _appended = appended;
        _active = active;
        _readId = rows.GetIdGetter();
        var passed = rows.Schema.Where(c => active.Contains(c.Index)).ToArray();
        // A column of a type that cannot be copied has its value at the cursor's row only.
        _largest = appended is not null && passed.All(c => ColumnCopies.CanCopy(c.Type)) ? LargestBatch : 1;
        _marks = new RowMark[_largest];
        if (_largest == 1)
            return;
        foreach (var column in passed)
            _copies.Add(column.Index, ColumnCopies.Of(rows, column, _largest));
    }

    public override DataViewSchema Schema => _schema;

    public override long Position => _row < 0 ? -1 : _marks[_row].Position;

    public override long Batch => _row < 0 ? 0 : _marks[_row].Batch;

    public override bool MoveNext()
    {
        if (_row + 1 >= _count && !ReadBatch())
        {
            (_row, _count) = (-1, 0);
            return false;
        }
        _row++;
        _appended?.MoveTo(_row);
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _marks[RowNow()].Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column) || !_copies.TryGetValue(column.Index, out var copies))
            return AppendingGetters.Get<TValue>(column, _rows, _appended, IsColumnActive(column));
        return copies is ColumnCopies<TValue> values
            ? (ref TValue value) => values.Get(RowNow(), ref value)
            : throw AppendingGetters.WrongType<TValue>(column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _appended?.Dispose();
            _rows.Dispose();
        }
        base.Dispose(disposing);
    }

    private int RowNow() => _row >= 0
        ? _row
        : throw new InvalidOperationException("There is no value before the first call of MoveNext, nor behind the last row.");

    // Batches grow, so that a caller who wants a row or two does not wait for many.
    private bool ReadBatch()
    {
        _failure?.Throw();
        (_row, _count) = (-1, 0);
        _appended?.BeginBatch();
        try
        {
            while (_count < _size && _rows.MoveNext())
            {
                foreach (var copies in _copies.Values)
                    copies.Read(_count);
                DataViewRowId id = default;
                _readId(ref id);
                _marks[_count] = new RowMark(id, _rows.Position, _rows.Batch);
                _appended?.AddRow();
                _count++;
            }
        }
        catch (Exception e) when (_count > 0)
        {
            // The rows before are good: the caller gets them first.
            _failure = ExceptionDispatchInfo.Capture(e);
        }
        _size = Math.Min(2 * _size, _largest);
        return _count > 0;
    }
}
