using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The values of one column.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => GetColumn<T>(data, data.Schema[columnName]);

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(column.Name, nameof(column));
        var own = data.Schema[column.Index];
        if (own.Name != column.Name || own.Type != column.Type)
        {
            throw Contracts.ExceptParam(nameof(column),
                $"column with name {column.Name}, type {column.Type}, and index {column.Index} cannot be found in data");
        }

        if (column.Type.RawType == typeof(T))
        {
            return Enumerate<T, T>(data, column, x => x);
        }

        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
        {
            return (IEnumerable<T>)Enumerate<ReadOnlyMemory<char>, string>(data, column, x => x.ToString());
        }

        if (typeof(T).IsArray)
        {
            var vector = column.Type as VectorDataViewType
                ?? throw Contracts.ExceptParam(nameof(column),
                    $"Cannot load vector type, {column.Type}, specified in column to the user-defined type, {typeof(T)}.");
            var element = typeof(T).GetElementType();
            if (element == vector.ItemType.RawType)
            {
                return Utils.MarshalInvoke<IEnumerable<T>>(EnumerateArrays<int>, element, data, column);
            }

            if (element == typeof(string) && vector.ItemType is TextDataViewType)
            {
                return (IEnumerable<T>)Enumerate(data, column, (VBuffer<ReadOnlyMemory<char>> x)
                    => x.DenseValues().Select(t => t.ToString()).ToArray());
            }
        }

        throw Contracts.ExceptParam(nameof(column),
            $"Cannot map column (name: {column.Name}, type: {column.Type}) in data to the user-defined type, {typeof(T)}.");
    }

    private static IEnumerable<TItem[]> EnumerateArrays<TItem>(IDataView data, DataViewSchema.Column column)
        => Enumerate(data, column, (VBuffer<TItem> x) =>
        {
            var items = new TItem[x.Length];
            x.CopyTo(items);
            return items;
        });

    private static IEnumerable<TOut> Enumerate<TValue, TOut>(IDataView data, DataViewSchema.Column column, Func<TValue, TOut> convert)
    {
        using var cursor = data.GetRowCursor(column);
        var get = cursor.GetGetter<TValue>(column);
        TValue value = default;
        while (cursor.MoveNext())
        {
            get(ref value);
            yield return convert(value);
        }
    }
}
