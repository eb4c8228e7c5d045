using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column and the member that holds its values.</summary>
internal sealed record RowColumn(string Name, DataViewType Type, DataViewSchema.Annotations Annotations, RowMember Member)
{
    /// <summary>The columns of a row class, by its members or as the user redefined them.</summary>
    public static RowColumn[] Create(Type rowType, SchemaDefinition definition, SchemaDefinition.Direction direction)
        => (definition ?? SchemaDefinition.Create(rowType, direction)).Select(column => Create(rowType, column)).ToArray();

    /// <summary>The members' columns with the types and annotations of a schema, all of whose columns must be among them.</summary>
    public static SchemaDefinition CreateDefinition(IExceptionContext ectx, Type rowType, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(rowType, SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var defined = definition[column.Name] ?? throw ectx.Except($"Type should contain a member named {column.Name}");
            defined.ColumnType = column.Type;
            defined.Annotations = column.Annotations;
        }

        return definition;
    }

    public static DataViewSchema MakeSchema(RowColumn[] columns)
        => SchemaExtensions.MakeSchema(columns.Select(c => new DataViewSchema.DetachedColumn(c.Name, c.Type, c.Annotations)));

    private static RowColumn Create(Type rowType, SchemaDefinition.Column column)
    {
        var member = RowMember.Find(rowType, column.MemberName)
            ?? throw Contracts.ExceptParam("userSchemaDefinition", "No field or property with name '{0}' found in type '{1}'",
                column.MemberName, rowType.FullName);
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var type = column.ColumnType ?? member.GetColumnType();
        member.CheckItemType();
        static string Shape(bool isVector) => isVector ? "vector" : "scalar";
        var isVector = type is VectorDataViewType;
        if (member.IsVector != isVector)
        {
            throw Contracts.ExceptParam("userSchemaDefinition",
                "Column '{0}' is supposed to be {1}, but type of associated field '{2}' is {3}",
                name, Shape(isVector), member.Name, Shape(member.IsVector));
        }

        var itemType = type.GetItemType().RawType;
        if (itemType != member.ItemType)
        {
            throw Contracts.ExceptParam("userSchemaDefinition",
                "Column '{0}' is supposed to have item type {1}, but associated field has type {2}",
                name, itemType, member.ItemType);
        }

        return new RowColumn(name, type, column.Annotations, member);
    }
}
