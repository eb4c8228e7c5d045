using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Collects the values of columns, in one pass for all.</summary>
internal static class TermMapTraining
{
    public static TermMap[] Train(IHost host, IDataView input, (string Output, string Input)[] columns, int maximumNumberOfKeys,
        bool sorted, IDataView keyData)
    {
        using var channel = host.Start("Training");
        var sources = columns.Select(c => input.Schema.GetColumnOrNull(c.Input)
            ?? throw host.ExceptSchemaMismatch("inputSchema", "input", c.Input)).ToArray();
        foreach (var source in sources)
        {
            CheckType(host, source);
        }

        if (keyData is not null)
        {
            return TrainOnKeyData(host, channel, columns, sources, sorted, keyData);
        }

        channel.CheckUserArg(maximumNumberOfKeys > 0, "MaxNumTerms", "Must be positive");
        using var cursor = input.GetRowCursor(sources);
        var builders = sources.Select(s => TermMapBuilder.Create(cursor, s, maximumNumberOfKeys, sorted)).ToArray();
        for (var open = builders.ToList(); open.Count > 0 && cursor.MoveNext();)
        {
            host.CheckAlive();
            open.RemoveAll(b => !b.ProcessRow());
        }

        for (var i = 0; i < builders.Length; i++)
        {
            if (builders[i].Count == 0)
            {
                channel.Warning("Term map for output column '{0}' contains no entries.", columns[i].Output);
            }
        }

        return builders.Select(b => b.Finish()).ToArray();
    }

    public static void CheckType(IExceptionContext ectx, DataViewSchema.Column source)
    {
        var item = source.Type.GetItemType();
        if (item is not KeyDataViewType && !item.IsStandardScalar())
        {
            throw ectx.ExceptSchemaMismatch("inputSchema", "input", source.Name, "standard type or a vector of standard type",
                source.Type.ToString());
        }
    }

    private static TermMap[] TrainOnKeyData(IHost host, IChannel channel, (string Output, string Input)[] columns,
        DataViewSchema.Column[] sources, bool sorted, IDataView keyData)
    {
        var keys = keyData.Schema[0];
        if (!keys.Type.Equals(sources[0].Type.GetItemType()))
        {
            throw channel.ExceptUserArg(nameof(keyData), "Input data's column must be of type '{0}' but was '{1}'",
                sources[0].Type.GetItemType(), keys.Type);
        }

        using var cursor = keyData.GetRowCursor(keys);
        var builder = TermMapBuilder.Create(cursor, keys, int.MaxValue, sorted);
        while (cursor.MoveNext() && builder.ProcessRow())
        {
            host.CheckAlive();
        }

        if (builder.Count == 0)
        {
            channel.Warning("Map from the term data resulted in an empty map.");
        }

        var map = builder.Finish();
        for (var i = 1; i < sources.Length; i++)
        {
            if (!map.ItemType.Equals(sources[i].Type.GetItemType()))
            {
                throw channel.ExceptParam(nameof(keyData), "Terms from input data type '{0}' but mismatches column '{1}' item type '{2}'",
                    map.ItemType, columns[i].Output, sources[i].Type.GetItemType());
            }
        }

        return sources.Select(_ => map).ToArray();
    }
}
