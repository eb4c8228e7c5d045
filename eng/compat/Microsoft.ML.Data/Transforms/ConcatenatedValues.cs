using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The values and slot names of columns in a row.</summary>
internal static class ConcatenatedValues
{
    public static ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow input, DataViewSchema.Column[] sources)
    {
        var parts = new VBuffer<T>[sources.Length];
        var fetch = sources.Select((source, i) => MakeFetch(input, source, parts, i)).ToArray();
        return (ref VBuffer<T> destination) =>
        {
            var (length, count) = (0, 0);
            for (var i = 0; i < parts.Length; i++)
            {
                fetch[i]();
                length += parts[i].Length;
                count += parts[i].GetValues().Length;
            }

            var sparse = count <= length / 2;
            var editor = VBufferEditor.Create(ref destination, length, sparse ? count : length);
            var (offset, filled) = (0, 0);
            foreach (var part in parts)
            {
                if (sparse)
                {
                    foreach (var (slot, value) in part.Items())
                    {
                        editor.Values[filled] = value;
                        editor.Indices[filled++] = offset + slot;
                    }
                }
                else
                {
                    part.CopyTo(editor.Values, offset);
                }

                offset += part.Length;
            }

            destination = editor.Commit();
        };
    }

    /// <summary>A scalar's slot is named for its column; a vector's slots for the column and their own names.</summary>
    public static ReadOnlyMemory<char>[] SlotNames(DataViewSchema.Column[] sources)
        => sources.SelectMany(source =>
        {
            if (source.Type is not VectorDataViewType vector)
            {
                return [source.Name.AsMemory()];
            }

            var names = new ReadOnlyMemory<char>[vector.Size];
            if (source.HasSlotNames())
            {
                VBuffer<ReadOnlyMemory<char>> own = default;
                source.GetSlotNames(ref own);
                own.CopyTo(names);
            }

            return names.Select(n => n.IsEmpty ? n : $"{source.Name}.{n}".AsMemory());
        }).ToArray();

    private static Action MakeFetch<T>(DataViewRow input, DataViewSchema.Column source, VBuffer<T>[] parts, int i)
    {
        if (source.Type is VectorDataViewType vector)
        {
            var getVector = input.GetGetter<VBuffer<T>>(source);
            return () =>
            {
                getVector(ref parts[i]);
                if (vector.Size != 0 && vector.Size != parts[i].Length)
                {
                    throw Contracts.Except("Column '{0}': expected {1} slots, but got {2}", source.Name, vector.Size, parts[i].Length);
                }
            };
        }

        var get = input.GetGetter<T>(source);
        var value = new T[1];
        return () =>
        {
            get(ref value[0]);
            parts[i] = new VBuffer<T>(1, value);
        };
    }
}
