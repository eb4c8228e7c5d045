using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A view to which a row mapper adds columns.</summary>
internal sealed class RowToRowMapperTransform : IDataView, IRowToRowMapper
{
    private readonly IHost _host;
    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView input, IRowMapper mapper)
    {
        _host = env.Register(nameof(RowToRowMapperTransform));
        Source = input;
        _mapper = mapper;
        _bindings = new ColumnBindings(input.Schema, mapper.GetOutputColumns());
    }

    public IDataView Source { get; }

    public bool CanShuffle => Source.CanShuffle;

    public DataViewSchema Schema => _bindings.Schema;

    public DataViewSchema InputSchema => Source.Schema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public static DataViewSchema GetOutputSchema(DataViewSchema inputSchema, IRowMapper mapper)
        => new ColumnBindings(inputSchema, mapper.GetOutputColumns()).Schema;

    public long? GetRowCount() => Source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Utils.BuildArray(Schema.Count, columnsNeeded);
        return new Cursor(_host, Source.GetRowCursor(GetDependencies(active), CanShuffle ? rand : null), MakeRow(active), this);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Utils.BuildArray(Schema.Count, columnsNeeded);
        var inputs = Source.GetRowCursorSet(GetDependencies(active), n, CanShuffle ? rand : null);
        if (inputs.Length == 1 && n > 1 && _bindings.AddedColumnIndices.Any(i => active[i]))
        {
            inputs = SplitCursor.Split(_host, inputs[0], n);
        }

        return inputs
            .Select(input => new Cursor(_host, input, MakeRow(active), this))
            .ToArray<DataViewRowCursor>();
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => GetDependencies(Utils.BuildArray(Schema.Count, dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        _host.CheckValue(input, nameof(input));
        _host.CheckValue(activeColumns, nameof(activeColumns));
        _host.Check(input.Schema == Source.Schema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(input, MakeRow(Utils.BuildArray(Schema.Count, activeColumns))(input));
    }

    private DataViewSchema.Column[] GetDependencies(bool[] active)
    {
        var passed = _bindings.GetActiveInput(active);
        var mapped = _mapper.GetDependencies(i => active[_bindings.AddedColumnIndices[i]]);
        return InputSchema.Where(c => passed[c.Index] || mapped(c.Index)).ToArray();
    }

    private Func<DataViewRow, MappedColumns> MakeRow(bool[] active)
        => input =>
        {
            var getters = _mapper.CreateGetters(input, i => active[_bindings.AddedColumnIndices[i]], out var disposer);
            return new MappedColumns(_bindings, active, input, getters, disposer);
        };

    /// <summary>The columns of one row or cursor.</summary>
    private sealed record MappedColumns(ColumnBindings Bindings, bool[] Active, DataViewRow Input, Delegate[] Getters, Action Disposer)
    {
        public bool IsActive(DataViewSchema.Column column)
        {
            Contracts.Check(column.Index < Active.Length);
            return Active[column.Index];
        }

        public ValueGetter<TValue> Get<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsActive(column));
            var index = Bindings.MapColumnIndex(out var isSource, column.Index);
            if (isSource)
            {
                return Input.GetGetter<TValue>(Input.Schema[index]);
            }

            return Getters[index] as ValueGetter<TValue>
                ?? throw Contracts.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{Getters[index].GetType().GetGenericArguments()[0]}'.");
        }
    }

    private sealed class Row(DataViewRow input, MappedColumns columns) : WrappingRow(input)
    {
        public override DataViewSchema Schema => columns.Bindings.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => columns.Get<TValue>(column);

        protected override void DisposeCore(bool disposing)
        {
            if (disposing)
            {
                columns.Disposer?.Invoke();
            }
        }
    }

    private sealed class Cursor : SynchronizedCursorBase
    {
        private readonly MappedColumns _columns;
        private bool _disposed;

        public Cursor(IHost host, DataViewRowCursor input, Func<DataViewRow, MappedColumns> columns, RowToRowMapperTransform parent)
            : base(host, input)
        {
            Schema = parent.Schema;
            _columns = columns(input);
        }

        public override DataViewSchema Schema { get; }

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.Get<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            if (disposing)
            {
                _columns.Disposer?.Invoke();
            }

            base.Dispose(disposing);
        }
    }
}
