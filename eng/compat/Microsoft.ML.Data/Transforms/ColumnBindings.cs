namespace Microsoft.ML.Data;

/// <summary>An input schema with columns added: at its end, or after the column they hide.</summary>
internal sealed class ColumnBindings
{
    // Of each column of the merged schema: its index in the input, or the complement of its index among those added.
    private readonly int[] _sources;

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] addedColumns)
    {
        InputSchema = input;
        var order = Enumerable.Range(0, input.Count).ToList();
        string NameOf(int source) => source >= 0 ? input[source].Name : addedColumns[~source].Name;
        for (var i = 0; i < addedColumns.Length; i++)
        {
            var hidden = order.FindLastIndex(source => NameOf(source) == addedColumns[i].Name);
            order.Insert(hidden < 0 ? order.Count : hidden + 1, ~i);
        }

        _sources = [.. order];
        Schema = SchemaExtensions.MakeSchema(order.Select(s => s >= 0 ? new DataViewSchema.DetachedColumn(input[s]) : addedColumns[~s]));
        AddedColumnIndices = Enumerable.Range(0, addedColumns.Length).Select(i => order.IndexOf(~i)).ToArray();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    public IReadOnlyList<int> AddedColumnIndices { get; }

    /// <summary>The index of a column in the input, or among those added.</summary>
    public int MapColumnIndex(out bool isSrcColumn, int col)
    {
        isSrcColumn = _sources[col] >= 0;
        return isSrcColumn ? _sources[col] : ~_sources[col];
    }

    /// <summary>The input columns that are among the columns wanted themselves.</summary>
    public bool[] GetActiveInput(bool[] active)
    {
        var input = new bool[InputSchema.Count];
        for (var i = 0; i < active.Length; i++)
        {
            if (active[i] && _sources[i] >= 0)
            {
                input[_sources[i]] = true;
            }
        }

        return input;
    }
}
