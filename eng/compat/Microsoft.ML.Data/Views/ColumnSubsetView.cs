using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some columns of a view, in any order.</summary>
internal sealed class ColumnSubsetView : IDataView
{
    private readonly IHost _host;
    private readonly ColumnSubset _subset;

    public ColumnSubsetView(IHostEnvironment env, IDataView source, ColumnSubset subset)
    {
        _host = env.Register(nameof(ColumnSubsetView));
        Source = source;
        _subset = subset;
    }

    public IDataView Source { get; }

    public bool CanShuffle => Source.CanShuffle;

    public DataViewSchema Schema => _subset.OutputSchema;

    /// <summary>The view without some columns; itself if there are none of them.</summary>
    public static IDataView Without(IHostEnvironment env, IDataView source, Func<DataViewSchema.Column, bool> dropped)
    {
        var kept = source.Schema.Where(c => !dropped(c)).Select(c => c.Index).ToArray();
        return kept.Length == source.Schema.Count ? source : new ColumnSubsetView(env, source, new ColumnSubset(source.Schema, kept));
    }

    public long? GetRowCount() => Source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return new Cursor(_host, Source.GetRowCursor(_subset.GetDependencies(needed), CanShuffle ? rand : null), _subset,
            Utils.BuildArray(Schema.Count, needed));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var needed = columnsNeeded.ToArray();
        return Source.GetRowCursorSet(_subset.GetDependencies(needed), n, CanShuffle ? rand : null)
            .Select(input => new Cursor(_host, input, _subset, Utils.BuildArray(Schema.Count, needed)))
            .ToArray<DataViewRowCursor>();
    }

    private sealed class Cursor(IHost host, DataViewRowCursor input, ColumnSubset subset, bool[] active)
        : SynchronizedCursorBase(host, input)
    {
        public override DataViewSchema Schema => subset.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Ch.Check(IsColumnActive(column));
            return Input.GetGetter<TValue>(subset.Source(column));
        }
    }
}
