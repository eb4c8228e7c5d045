using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests;

/// <summary>Schemas and rows as text, with all annotations and values, to compare them by.</summary>
internal static class SchemaText
{
    /// <summary>Every column of a schema, with the values of its annotations.</summary>
    public static string[] Of(DataViewSchema schema) => schema.Select(c =>
    {
        var annotations = c.Annotations.Schema.Select(a => $"{a.Name}: {a.Type} = {Annotation(c.Annotations, a)}");
        return $"{c.Name}: {c.Type}{(c.IsHidden ? " hidden" : "")} {string.Join(", ", annotations)}";
    }).ToArray();

    /// <summary>Every column of a shape, with its annotations.</summary>
    public static string[] Of(SchemaShape shape) =>
        shape.Select(c => $"{One(c)} ({string.Join(", ", c.Annotations.Select(One).Order())})").Order().ToArray();

    /// <summary>Every row of a view, with its id.</summary>
    public static string[] Of(IDataView view, params string[] columns)
    {
        using var cursor = view.GetRowCursor(view.Schema.Where(c => columns.Contains(c.Name)));
        return Rows(cursor, columns).ToArray();
    }

    /// <summary>The rows of a cursor, with their ids.</summary>
    public static IEnumerable<string> Rows(DataViewRowCursor cursor, params string[] columns)
    {
        var getters = columns.Select(name => Getter(cursor, cursor.Schema[name])).ToArray();
        var id = cursor.GetIdGetter();
        DataViewRowId value = default;
        while (cursor.MoveNext())
        {
            id(ref value);
            yield return $"{value} {cursor.Position} {string.Join(" | ", getters.Select(g => g()))}";
        }
    }

    private static string One(SchemaShape.Column c) => $"{c.Name}: {c.Kind} of {(c.IsKey ? "key " : "")}{c.ItemType}";

    private static Func<string> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var type = column.Type.RawType;
        return type == typeof(VBuffer<float>) ? Value<VBuffer<float>>(row, column, Text)
            : type == typeof(uint) ? Value<uint>(row, column, v => v.ToString(CultureInfo.InvariantCulture))
            : type == typeof(float) ? Value<float>(row, column, v => v.ToString(CultureInfo.InvariantCulture))
            : Value<ReadOnlyMemory<char>>(row, column, v => v.ToString());
    }

    private static Func<string> Value<T>(DataViewRow row, DataViewSchema.Column column, Func<T, string> toText)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return toText(value);
        };
    }

    private static string Annotation(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        var type = column.Type.RawType;
        return type == typeof(VBuffer<ReadOnlyMemory<char>>) ? Text(Get<VBuffer<ReadOnlyMemory<char>>>(annotations, column))
            : type == typeof(VBuffer<int>) ? Text(Get<VBuffer<int>>(annotations, column))
            : type == typeof(VBuffer<float>) ? Text(Get<VBuffer<float>>(annotations, column))
            : type == typeof(VBuffer<bool>) ? Text(Get<VBuffer<bool>>(annotations, column))
            : type == typeof(ReadOnlyMemory<char>) ? Get<ReadOnlyMemory<char>>(annotations, column).ToString()
            : type == typeof(uint) ? Get<uint>(annotations, column).ToString(CultureInfo.InvariantCulture)
            : "?";
    }

    private static T Get<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default!;
        annotations.GetValue(column.Name, ref value);
        return value;
    }

    private static string Text<T>(VBuffer<T> values) =>
        string.Join(' ', values.DenseValues().Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));
}
