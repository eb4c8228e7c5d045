using System.Linq.Expressions;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A public field or property of a row class.</summary>
internal sealed class RowMember
{
    private readonly MemberInfo _member;

    private RowMember(MemberInfo member)
    {
        _member = member;
        Type = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
        IsVector = Type.IsArray || (Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        var item = Type.IsArray ? Type.GetElementType() : IsVector ? Type.GetGenericArguments()[0] : Type;
        ItemType = item == typeof(string) ? typeof(ReadOnlyMemory<char>) : item;
    }

    public string Name => _member.Name;

    public string ColumnName => _member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? Name;

    public Type Type { get; }

    public bool IsVector { get; }

    /// <summary>The raw type of the column's values, or of the items of its vectors.</summary>
    public Type ItemType { get; }

    public static IEnumerable<RowMember> All(Type rowType, SchemaDefinition.Direction direction)
    {
        Contracts.CheckValue(rowType, "userType");
        var fields = rowType.GetFields(BindingFlags.Public | BindingFlags.Instance);
        var properties = rowType.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0
            && ((direction.HasFlag(SchemaDefinition.Direction.Read) && p.GetGetMethod() is not null)
                || (direction.HasFlag(SchemaDefinition.Direction.Write) && p.GetSetMethod() is not null)));
        return fields.Concat<MemberInfo>(properties)
            .Where(m => m.GetCustomAttribute<NoColumnAttribute>() is null)
            .Select(m => new RowMember(m))
            .Where(m => m.Type != typeof(IChannel))
            .Select(m => m.RegisterCustomType(rowType));
    }

    public static RowMember Find(Type rowType, string name)
    {
        MemberInfo member = (MemberInfo)rowType.GetField(name) ?? rowType.GetProperty(name);
        return member is null ? null : new RowMember(member);
    }

    public DataViewType GetColumnType()
    {
        var attributes = _member.GetCustomAttributes();
        CheckItemType();
        if (DataViewTypeManager.Knows(ItemType, attributes))
        {
            return DataViewTypeManager.GetDataViewType(ItemType, attributes);
        }

        var key = _member.GetCustomAttribute<KeyTypeAttribute>();
        if (key is not null && !KeyDataViewType.IsValidDataType(ItemType))
        {
            throw Contracts.ExceptParam("userType",
                "Member {0} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type", Name);
        }

        var item = key is null ? ColumnTypeExtensions.PrimitiveTypeFromType(ItemType) : new KeyDataViewType(ItemType, key.Count);
        var vector = _member.GetCustomAttribute<VectorTypeAttribute>();
        if (vector is not null && !IsVector)
        {
            throw Contracts.ExceptParam("userType",
                $"Member {Name} marked with VectorTypeAttribute, but does not appear to be a vector type");
        }

        return !IsVector ? item : vector?.Dims is { Length: > 0 } dims ? new VectorDataViewType(item, dims) : new VectorDataViewType(item);
    }

    public void CheckItemType()
    {
        if (ColumnTypeExtensions.TryGetPrimitiveType(ItemType) is null
            && !DataViewTypeManager.Knows(ItemType, _member.GetCustomAttributes()))
        {
            throw Contracts.ExceptParam("rawType", "Could not determine an IDataView type and registered custom types for member {0}",
                Name);
        }
    }

    /// <summary>Whether values of a column of this type can be put into the member.</summary>
    public bool Accepts(DataViewType type)
        => type is VectorDataViewType vector ? IsVector && vector.ItemType.RawType == ItemType : !IsVector && type.RawType == ItemType;

    /// <summary>Reads the member; one that cannot be read gives the default.</summary>
    public Func<TRow, TValue> Reader<TRow, TValue>()
    {
        if (_member is PropertyInfo property && property.GetGetMethod() is null)
        {
            return _ => default;
        }

        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TValue>>(Expression.MakeMemberAccess(row, _member), row).Compile();
    }

    public Action<TRow, TValue> Writer<TRow, TValue>()
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TValue));
        return Expression.Lambda<Action<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, _member), value), row, value)
            .Compile();
    }

    private RowMember RegisterCustomType(Type rowType)
    {
        var custom = _member.GetCustomAttributes().OfType<DataViewTypeAttribute>().ToArray();
        if (custom.Length > 1)
        {
            throw Contracts.ExceptParam("userType",
                $"Member {Name} of {rowType} cannot be marked with multiple attributes derived from {typeof(DataViewTypeAttribute)}.");
        }

        custom.FirstOrDefault()?.Register();
        return this;
    }
}
