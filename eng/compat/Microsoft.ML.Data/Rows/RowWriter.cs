using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fills objects with the values of a row.</summary>
internal sealed class RowWriter<TRow>
    where TRow : class
{
    private readonly (int Index, RowColumn Column)[] _columns;

    public RowWriter(IExceptionContext ectx, DataViewSchema schema, bool ignoreMissingColumns, SchemaDefinition definition)
    {
        if (definition is null)
        {
            CheckMemberTypes(schema);
        }

        var columns = new List<(int, RowColumn)>();
        foreach (var column in RowColumn.Create(typeof(TRow), definition, SchemaDefinition.Direction.Write))
        {
            if (!schema.TryGetColumnIndex(column.Name, out var index))
            {
                if (!ignoreMissingColumns)
                {
                    throw ectx.ExceptSchemaMismatch("Schema", "", column.Name);
                }

                continue;
            }

            if (!column.Member.Accepts(schema[index].Type))
            {
                throw ectx.Except("Can't bind the IDataView column '{0}' of type '{1}' to field or property '{2}' of type '{3}'.",
                    column.Name, schema[index].Type, column.Member.Name, column.Member.Type.FullName);
            }

            columns.Add((index, column));
        }

        _columns = [.. columns];
    }

    public IEnumerable<int> ColumnIndices => _columns.Select(c => c.Index);

    /// <summary>An action that fills an object from what the row holds at that time.</summary>
    public Action<TRow> Bind(DataViewRow input)
    {
        var setters = _columns.Select(c => MakeSetter(input, input.Schema[c.Index], c.Column.Member)).ToArray();
        return row =>
        {
            foreach (var set in setters)
            {
                set(row);
            }
        };
    }

    // A member of a type no column can have: say which type would do.
    private static void CheckMemberTypes(DataViewSchema schema)
    {
        foreach (var member in RowMember.All(typeof(TRow), SchemaDefinition.Direction.Write))
        {
            if (schema.GetColumnOrNull(member.ColumnName)?.Type.RawType is { } wanted && wanted != member.ItemType
                && ColumnTypeExtensions.TryGetPrimitiveType(member.ItemType) is null && !DataViewTypeManager.Knows(member.ItemType))
            {
                throw Contracts.ExceptParam("actualType",
                    $"The expected type '{wanted}' does not match the type of the '{member.ColumnName}' member: '{member.ItemType}'. Please change the {member.ColumnName} member to '{wanted}'");
            }
        }
    }

    private static Action<TRow> MakeSetter(DataViewRow input, DataViewSchema.Column column, RowMember member)
    {
        if (member.Type == typeof(string))
        {
            var get = input.GetGetter<ReadOnlyMemory<char>>(column);
            var write = member.Writer<TRow, string>();
            ReadOnlyMemory<char> value = default;
            return row =>
            {
                get(ref value);
                write(row, value.ToString());
            };
        }

        if (member.Type == typeof(string[]))
        {
            return ToArray<ReadOnlyMemory<char>, string>(input, column, member, (values, array) =>
            {
                foreach (var (slot, text) in values.Items(all: true))
                {
                    array[slot] = text.ToString();
                }
            });
        }

        return member.Type.IsArray ? Utils.MarshalInvoke<Action<TRow>>(ToArray<int>, member.ItemType, input, column, member)
            : member.IsVector ? Utils.MarshalInvoke<Action<TRow>>(ToVBuffer<int>, member.ItemType, input, column, member)
            : Utils.MarshalInvoke<Action<TRow>>(ToValue<int>, member.Type, input, column, member);
    }

    private static Action<TRow> ToArray<T>(DataViewRow input, DataViewSchema.Column column, RowMember member)
        => ToArray<T, T>(input, column, member, (values, array) => values.CopyTo(array));

    // An array of the right length is filled in place, as in the real assembly.
    private static Action<TRow> ToArray<TSource, T>(DataViewRow input, DataViewSchema.Column column, RowMember member,
        Action<VBuffer<TSource>, T[]> copy)
    {
        var get = input.GetGetter<VBuffer<TSource>>(column);
        var read = member.Reader<TRow, T[]>();
        var write = member.Writer<TRow, T[]>();
        VBuffer<TSource> values = default;
        return row =>
        {
            get(ref values);
            var array = read(row);
            if (array?.Length != values.Length)
            {
                array = new T[values.Length];
            }

            copy(values, array);
            write(row, array);
        };
    }

    private static Action<TRow> ToVBuffer<T>(DataViewRow input, DataViewSchema.Column column, RowMember member)
    {
        var get = input.GetGetter<VBuffer<T>>(column);
        var read = member.Reader<TRow, VBuffer<T>>();
        var write = member.Writer<TRow, VBuffer<T>>();
        return row =>
        {
            var value = read(row);
            get(ref value);
            write(row, value);
        };
    }

    private static Action<TRow> ToValue<T>(DataViewRow input, DataViewSchema.Column column, RowMember member)
    {
        var get = input.GetGetter<T>(column);
        var write = member.Writer<TRow, T>();
        T value = default;
        return row =>
        {
            get(ref value);
            write(row, value);
        };
    }
}
