using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>Reads class labels from a key column of any width.</summary>
internal static class LabelColumnReader
{
    private const string KeyValues = "KeyValues";
    private const int MostClasses = 1_000_000;

    /// <summary>Checks that a column holds classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a key of known count; the message is ML.NET's, with the mend.</exception>
    public static KeyDataViewType Check(DataViewSchema.Column column) => column.Type is KeyDataViewType { Count: > 0 and <= MostClasses } key
        ? key
        : throw new ArgumentOutOfRangeException(nameof(column),
            $"Schema mismatch for label column '{column.Name}': expected Key of at most {MostClasses} classes, got {column.Type}. Put mlContext.Transforms.Conversion.MapValueToKey(\"{column.Name}\") before.");

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

    /// <summary>The class names from the column's KeyValues, numbers as text; "0", "1" … where it has none.</summary>
    public static string[] ClassNames(DataViewSchema.Column column)
    {
        var count = (int)Check(column).Count;
        var names = Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();
        if (column.Annotations.Schema.GetColumnOrNull(KeyValues) is not { Type: VectorDataViewType { ItemType: PrimitiveDataViewType item } })
            return names;
        if (item is TextDataViewType)
            Fill<ReadOnlyMemory<char>>(column, names, v => v.ToString());
        else if (item == NumberDataViewType.Single)
            Fill<float>(column, names, v => v.ToString(CultureInfo.InvariantCulture));
        else if (item == NumberDataViewType.Double)
            Fill<double>(column, names, v => v.ToString(CultureInfo.InvariantCulture));
        else if (item == NumberDataViewType.Int32)
            Fill<int>(column, names, v => v.ToString(CultureInfo.InvariantCulture));
        else if (item == NumberDataViewType.Int64)
            Fill<long>(column, names, v => v.ToString(CultureInfo.InvariantCulture));
        else if (item == NumberDataViewType.UInt32)
            Fill<uint>(column, names, v => v.ToString(CultureInfo.InvariantCulture));
        else if (item == NumberDataViewType.Byte)
            Fill<byte>(column, names, v => v.ToString(CultureInfo.InvariantCulture));
        else if (item is BooleanDataViewType)
            Fill<bool>(column, names, v => v.ToString());
        else
            throw new ArgumentOutOfRangeException(nameof(column), $"The KeyValues of label column '{column.Name}' are {item}; needed are text or numbers: map the label from text.");
        return names;
    }

    private static void Fill<T>(DataViewSchema.Column column, string[] names, Func<T, string> toText)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(KeyValues, ref values);
        foreach (var (index, value) in values.Items(all: true))
            names[index] = toText(value);
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
