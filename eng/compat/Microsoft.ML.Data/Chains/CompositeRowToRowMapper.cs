using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Row mappers in a row.</summary>
internal sealed class CompositeRowToRowMapper : IRowToRowMapper, IDisposable
{
    private readonly IRowToRowMapper[] _mappers;
    private bool _disposed;

    public CompositeRowToRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        _mappers = mappers ?? [];
        InputSchema = inputSchema;
        OutputSchema = _mappers.LastOrDefault()?.OutputSchema ?? inputSchema;
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema { get; }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => _mappers.Reverse().Aggregate(dependingColumns, (columns, mapper) => mapper.GetDependencies(columns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.CheckParam(input.Schema == InputSchema, nameof(input), "Schema did not match original schema");
        var active = activeColumns.Select(c => c.Index).ToHashSet();
        if (_mappers.Length == 0)
        {
            var lacking = input.Schema.FirstOrDefault(c => active.Contains(c.Index) && !input.IsColumnActive(c)).Name;
            return lacking is null ? input
                : throw Contracts.ExceptParam(nameof(input), $"Mapper required column '{lacking}' active but it was not.");
        }

        // What each mapper must give: the last what was asked for, every other what the next depends on.
        var needed = new IEnumerable<DataViewSchema.Column>[_mappers.Length];
        needed[^1] = OutputSchema.Where(c => active.Contains(c.Index)).ToArray();
        for (var i = needed.Length - 1; i > 0; i--)
        {
            needed[i - 1] = _mappers[i].GetDependencies(needed[i]).ToArray();
        }

        return _mappers.Zip(needed).Aggregate(input, (row, x) => x.First.GetRow(row, x.Second));
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var mapper in _mappers.OfType<IDisposable>())
        {
            mapper.Dispose();
        }
    }
}
