using System.Numerics;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes the getters of columns whose values are members of an object.</summary>
internal static class RowReader<TRow>
    where TRow : class
{
    public static Delegate MakeGetter(RowColumn column, Func<TRow> current)
    {
        var type = column.Member.Type;
        if (type == typeof(string))
        {
            var read = column.Member.Reader<TRow, string>();
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> destination) => destination = read(current()).AsMemory());
        }

        if (type == typeof(string[]))
        {
            var read = column.Member.Reader<TRow, string[]>();
            return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> destination) =>
            {
                var values = read(current()) ?? [];
                var editor = VBufferEditor.Create(ref destination, values.Length);
                for (var i = 0; i < values.Length; i++)
                {
                    editor.Values[i] = values[i].AsMemory();
                }

                destination = editor.Commit();
            });
        }

        return type.IsArray ? Utils.MarshalInvoke<Delegate>(FromArray<int>, column.Member.ItemType, column, current)
            : column.Member.IsVector ? Utils.MarshalInvoke<Delegate>(FromVBuffer<int>, column.Member.ItemType, column, current)
            : column.Type is KeyDataViewType ? Utils.MarshalInvoke<Delegate>(FromKey<int>, type, column, current)
            : Utils.MarshalInvoke<Delegate>(FromValue<int>, type, column, current);
    }

    private static Delegate FromArray<T>(RowColumn column, Func<TRow> current)
    {
        var read = column.Member.Reader<TRow, T[]>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
        {
            var values = read(current());
            var editor = VBufferEditor.Create(ref destination, Utils.Size(values));
            values.AsSpan().CopyTo(editor.Values);
            destination = editor.Commit();
        });
    }

    private static Delegate FromVBuffer<T>(RowColumn column, Func<TRow> current)
    {
        var read = column.Member.Reader<TRow, VBuffer<T>>();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => read(current()).CopyTo(ref destination));
    }

    private static Delegate FromValue<T>(RowColumn column, Func<TRow> current)
    {
        var read = column.Member.Reader<TRow, T>();
        return (ValueGetter<T>)((ref T destination) => destination = read(current()));
    }

    // In a class keys are 0-based, in a column 1-based; what is beyond the count is missing.
    private static Delegate FromKey<T>(RowColumn column, Func<TRow> current)
        where T : IBinaryInteger<T>
    {
        Contracts.Check(typeof(T) != typeof(ushort));
        var read = column.Member.Reader<TRow, T>();
        var count = column.Type.GetKeyCount();
        return (ValueGetter<T>)((ref T destination) =>
        {
            var key = read(current());
            destination = ulong.CreateTruncating(key) < count ? key + T.One : T.Zero;
        });
    }
}
