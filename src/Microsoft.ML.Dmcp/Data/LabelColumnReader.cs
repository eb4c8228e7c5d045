using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>Reads class labels from a key column of any width.</summary>
internal static class LabelColumnReader
{
    /// <summary>Checks that a column holds classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a key of known count; the message is ML.NET's, with the mend.</exception>
    public static KeyDataViewType Check(DataViewSchema.Column column) => column.Type is KeyDataViewType { Count: > 0 and <= int.MaxValue } key
        ? key
        : throw new ArgumentOutOfRangeException(nameof(column),
            $"Schema mismatch for label column '{column.Name}': expected Key, got {column.Type}. Put mlContext.Transforms.Conversion.MapValueToKey(\"{column.Name}\") before.");

    /// <summary>A reader of the current row's class: 0-based, −1 where missing.</summary>
    public static Func<int> Open(DataViewRow row, DataViewSchema.Column column)
    {
        var type = Check(column).RawType;
        if (type == typeof(byte))
            return Reader<byte>(row, column, v => v);
        if (type == typeof(ushort))
            return Reader<ushort>(row, column, v => v);
        if (type == typeof(uint))
            return Reader<uint>(row, column, v => v);
        return Reader<ulong>(row, column, v => v);
    }

    /// <summary>The class names from the column's KeyValues; "0", "1" … where it has none.</summary>
    public static string[] ClassNames(DataViewSchema.Column column)
    {
        var count = (int)Check(column).Count;
        var names = Enumerable.Range(0, count).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var annotation = column.Annotations.Schema.GetColumnOrNull("KeyValues");
        if (annotation is { Type: VectorDataViewType { ItemType: TextDataViewType } })
        {
            VBuffer<ReadOnlyMemory<char>> values = default;
            column.Annotations.GetValue("KeyValues", ref values);
            foreach (var (index, value) in values.Items())
                names[index] = value.ToString();
        }
        return names;
    }

    private static Func<int> Reader<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return (int)widen(value) - 1;
        };
    }
}
