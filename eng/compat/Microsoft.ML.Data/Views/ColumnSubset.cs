using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Some columns of a schema, in any order, also as a map of single rows.</summary>
internal sealed class ColumnSubset : IRowToRowMapper
{
    private readonly int[] _sources;

    public ColumnSubset(DataViewSchema input, int[] sources)
    {
        InputSchema = input;
        _sources = sources;
        OutputSchema = SchemaExtensions.MakeSchema(sources.Select(s => new DataViewSchema.DetachedColumn(input[s])));
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public DataViewSchema.Column Source(DataViewSchema.Column column) => InputSchema[_sources[column.Index]];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => dependingColumns.Select(Source).DistinctBy(c => c.Index).ToArray();

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.Check(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        return new Row(input, this, activeColumns.Select(c => c.Index).ToHashSet());
    }

    private sealed class Row(DataViewRow input, ColumnSubset subset, HashSet<int> active) : WrappingRow(input)
    {
        public override DataViewSchema Schema => subset.OutputSchema;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Contracts.Check(IsColumnActive(column));
            return Input.GetGetter<TValue>(subset.Source(column));
        }
    }
}
