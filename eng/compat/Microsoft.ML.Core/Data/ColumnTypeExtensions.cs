using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Questions about column types.</summary>
internal static class ColumnTypeExtensions
{
    private static readonly NumberDataViewType[] Numbers =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16, NumberDataViewType.Int32,
        NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64, NumberDataViewType.Single,
        NumberDataViewType.Double,
    ];

    public static bool IsStandardScalar(this DataViewType columnType)
        => columnType is NumberDataViewType or TextDataViewType or BooleanDataViewType or RowIdDataViewType;

    /// <summary>The number of keys, or 0 if the type is not a key type.</summary>
    public static ulong GetKeyCount(this DataViewType columnType) => (columnType as KeyDataViewType)?.Count ?? 0;

    public static int GetKeyCountAsInt32(this DataViewType columnType, IExceptionContext ectx = null)
    {
        var count = columnType.GetKeyCount();
        ectx.Check(count <= int.MaxValue, "KeyDataViewType.Count exceeds int.MaxValue.");
        return (int)count;
    }

    public static DataViewType GetItemType(this DataViewType columnType) => (columnType as VectorDataViewType)?.ItemType ?? columnType;

    public static int GetVectorSize(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 0;

    public static int GetValueCount(this DataViewType columnType) => (columnType as VectorDataViewType)?.Size ?? 1;

    public static bool IsKnownSizeVector(this DataViewType columnType) => columnType.GetVectorSize() > 0;

    public static bool SameSizeAndItemType(this DataViewType columnType, DataViewType other)
        => columnType.Equals(other)
            || (columnType is VectorDataViewType a && other is VectorDataViewType b && a.ItemType.Equals(b.ItemType) && a.Size == b.Size);

    public static PrimitiveDataViewType PrimitiveTypeFromType(Type type)
        => TryGetPrimitiveType(type) ?? throw new InvalidOperationException($"Bad type in ColumnTypeExtensions.NumberTypeFromType: {type}");

    public static NumberDataViewType NumberTypeFromType(Type type)
        => Array.Find(Numbers, n => n.RawType == type)
            ?? throw new InvalidOperationException($"Bad type in ColumnTypeExtensions.NumberTypeFromType: {type}");

    /// <summary>The built-in type held in memory as <paramref name="type"/>, or null.</summary>
    internal static PrimitiveDataViewType TryGetPrimitiveType(Type type)
        => type == typeof(ReadOnlyMemory<char>) || type == typeof(string) ? TextDataViewType.Instance
        : type == typeof(bool) ? BooleanDataViewType.Instance
        : type == typeof(DataViewRowId) ? RowIdDataViewType.Instance
        : Array.Find(Numbers, n => n.RawType == type);
}
