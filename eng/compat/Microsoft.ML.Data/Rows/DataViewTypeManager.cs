using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which column type stands for which .NET type (with which attribute), besides the built-in ones.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock Lock = new();
    private static readonly Dictionary<(Type Type, DataViewTypeAttribute Attribute), DataViewType> TypesByRaw = [];
    private static readonly Dictionary<DataViewType, (Type Type, DataViewTypeAttribute Attribute)> RawByType = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        if (ColumnTypeExtensions.TryGetPrimitiveType(type) is not null || type == typeof(VBuffer<>) || type == typeof(Nullable<>)
            || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan))
        {
            throw Contracts.ExceptParam(nameof(type),
                $"Type {type} has been registered as ML.NET's default supported type, so it can't not be registered again.");
        }

        lock (Lock)
        {
            var raw = (type, typeAttribute);
            var known = TypesByRaw.TryGetValue(raw, out var otherType);
            if (known && !otherType.Equals(dataViewType))
            {
                throw Contracts.ExceptParam(nameof(type),
                    $"Repeated type register. The raw type {type} has been associated with {otherType} so it cannot be associated with {dataViewType}.");
            }

            if (RawByType.TryGetValue(dataViewType, out var otherRaw) && !otherRaw.Equals(raw))
            {
                throw Contracts.ExceptParam(nameof(dataViewType),
                    $"Repeated type register. The DataView type {dataViewType} has been associated with {otherRaw.Type} so it cannot be associated with {type}.");
            }

            TypesByRaw[raw] = dataViewType;
            RawByType[dataViewType] = raw;
        }
    }

    internal static DataViewType GetDataViewType(Type type, IEnumerable<Attribute> typeAttributes = null)
        => TryGet(type, typeAttributes)
            ?? throw Contracts.ExceptParam(nameof(type),
                $"The raw type {type} with attributes {typeAttributes} is not registered with a DataView type.");

    internal static bool Knows(Type type, IEnumerable<Attribute> typeAttributes = null) => TryGet(type, typeAttributes) is not null;

    internal static bool Knows(DataViewType dataViewType)
    {
        lock (Lock)
        {
            return RawByType.ContainsKey(dataViewType);
        }
    }

    private static DataViewType TryGet(Type type, IEnumerable<Attribute> attributes)
    {
        var custom = attributes?.OfType<DataViewTypeAttribute>().ToArray() ?? [];
        if (custom.Length > 1)
        {
            throw Contracts.ExceptParam(nameof(type),
                $"Type {type.Name} cannot be marked with multiple attributes, {attributes}, derived from {typeof(DataViewTypeAttribute)}.");
        }

        lock (Lock)
        {
            return TypesByRaw.GetValueOrDefault((type, custom.FirstOrDefault()));
        }
    }
}
