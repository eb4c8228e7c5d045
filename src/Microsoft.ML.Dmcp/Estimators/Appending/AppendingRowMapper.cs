using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Estimators.Appending;

/// <summary>The transformer bound to a schema, row by row.</summary>
internal sealed class AppendingRowMapper(AppendingTransformer transformer, DataViewSchema input) : IRowToRowMapper
{
    public DataViewSchema InputSchema => input;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(input);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        var needed = dependingColumns.Select(c => c.Index).ToHashSet();
        if (needed.Any(i => i >= input.Count))
            needed.UnionWith(transformer.Reads(input).Select(c => c.Index));
        return input.Where(c => needed.Contains(c.Index));
    }

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Schema != InputSchema)
            throw new InvalidOperationException("The row has another schema than the one that this mapper was made for.");
        var active = activeColumns.Select(c => c.Index).ToHashSet();
        var appended = active.Any(i => i >= InputSchema.Count) ? transformer.OpenRow(input) : null;
        return new AppendingRow(OutputSchema, input, appended, active);
    }
}
