using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Data.Labels;

/// <summary>Reads class labels from a key column of any width.</summary>
internal static class LabelColumnReader
{
    private const string KeyValues = "KeyValues";
    private const int MostClasses = 1_000_000;

    /// <summary>Checks that a column holds classes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a key of known count; the message is ML.NET's, with what to do.</exception>
    public static KeyDataViewType Check(DataViewSchema.Column column) =>
        column.Type is KeyDataViewType { Count: > 0 and <= MostClasses } key
            ? key
            : throw new ArgumentOutOfRangeException(nameof(column),
                $"Schema mismatch for label column '{column.Name}': " +
                $"expected Key of at most {MostClasses} classes, got {column.Type}. " +
                $"Put mlContext.Transforms.Conversion.MapValueToKey(\"{column.Name}\") before.");

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

    /// <summary>The class names from the column's KeyValues.</summary>
    /// <exception cref="ArgumentOutOfRangeException">They are neither text nor numbers.</exception>
    public static ClassNames ClassNames(DataViewSchema.Column column)
    {
        var count = (int)Check(column).Count;
        if (column.Annotations.Schema.GetColumnOrNull(KeyValues) is not { Type: VectorDataViewType values } || values.Size != count)
            return new ClassNames(Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray(), null);
        var type = ClassNameType.Find(values.ItemType)
            ?? throw new ArgumentOutOfRangeException(nameof(column),
                $"The KeyValues of label column '{column.Name}' are {values.ItemType}; " +
                "needed are text or numbers: map the label from text.");
        return new ClassNames(type.Read(column, KeyValues), type);
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
