using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>A vector value, dense or sparse, whose arrays are reused from row to row (see <see cref="VBufferEditor"/>).</summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
        : this(length, length, values, indices)
    {
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Check(length >= 0, nameof(length));
        Check(0 <= count && count <= length, nameof(count));
        Check(Size(values) >= count, nameof(values));
        Check(count == length || Size(indices) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyTo(ref VBuffer<T> destination, int sourceIndex, int length)
    {
        Check(0 <= sourceIndex && sourceIndex <= Length, nameof(sourceIndex));
        Check(0 <= length && sourceIndex <= Length - length, nameof(length));
        var (first, last) = IsDense ? (sourceIndex, sourceIndex + length) : (Find(sourceIndex), Find(sourceIndex + length));
        var editor = VBufferEditor.Create(ref destination, length, last - first);
        _values.AsSpan(first, last - first).CopyTo(editor.Values);
        for (var i = 0; i < editor.Indices.Length; i++)
        {
            editor.Indices[i] = _indices[first + i] - sourceIndex;
        }

        destination = editor.Commit();
    }

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        var fits = 0 <= destinationIndex && destinationIndex <= destination.Length - Length;
        Check(fits, nameof(destination), "Not large enough to hold these values.");
        destination = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(destination);
            return;
        }

        // An all-default vector is cleared, whatever the default asked for: so does the real one.
        destination.Fill(_count == 0 ? default : defaultValue);
        for (var i = 0; i < _count; i++)
        {
            destination[_indices[i]] = _values[i];
        }
    }

    public static void Copy(T[] source, int sourceIndex, ref VBuffer<T> destination, int length)
    {
        Check(0 <= length && length <= Size(source), nameof(length));
        Check(0 <= sourceIndex && sourceIndex <= Size(source) - length, nameof(sourceIndex));
        var editor = VBufferEditor.Create(ref destination, length, length);
        source.AsSpan(sourceIndex, length).CopyTo(editor.Values);
        destination = editor.Commit();
    }

    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        var next = 0;
        for (var i = 0; i < _count; i++)
        {
            var slot = IsDense ? i : _indices[i];
            for (; all && next < slot; next++)
            {
                yield return new KeyValuePair<int, T>(next, default);
            }

            yield return new KeyValuePair<int, T>(slot, _values[i]);
            next = slot + 1;
        }

        for (; all && next < Length; next++)
        {
            yield return new KeyValuePair<int, T>(next, default);
        }
    }

    public IEnumerable<T> DenseValues()
        => IsDense ? new ArraySegment<T>(_values ?? [], 0, _count) : Items(all: true).Select(item => item.Value);

    public void GetItemOrDefault(int index, ref T destination) => destination = GetItemOrDefault(index);

    public T GetItemOrDefault(int index)
    {
        Check(0 <= index && index < Length, nameof(index));
        if (IsDense)
        {
            return _values[index];
        }

        var found = _count == 0 ? -1 : Array.BinarySearch(_indices, 0, _count, index);
        return found >= 0 ? _values[found] : default;
    }

    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    internal VBufferEditor<T> GetEditor() => GetEditor(Length, _count);

    internal VBufferEditor<T> GetEditor(int newLogicalLength, int? valuesCount, int? maxValuesCapacity = null,
        bool keepOldOnResize = false, bool requireIndicesOnDense = false)
    {
        Check(newLogicalLength >= 0, nameof(newLogicalLength), "Must be non-negative.");
        Check(valuesCount is null or >= 0, nameof(valuesCount), "If specified, must be non-negative.");
        Check(!(valuesCount > newLogicalLength), nameof(valuesCount), "If specified, must be no greater than newLogicalLength");
        var count = valuesCount ?? newLogicalLength;
        var capacity = maxValuesCapacity ?? Array.MaxLength;
        var values = _values;
        var newValues = Grow(ref values, count, capacity, keepOldOnResize);
        var indices = _indices;
        var newIndices = (count != newLogicalLength || requireIndicesOnDense) && Grow(ref indices, count, capacity, keepOldOnResize);
        return new VBufferEditor<T>(newLogicalLength, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }

    private static bool Grow<TItem>(ref TItem[] array, int needed, int capacity, bool keep)
    {
        Check(needed <= capacity, "max", "min must not exceed max");
        var size = Size(array);
        if (size >= needed)
        {
            return false;
        }

        var doubled = size == 0 ? 4 : (int)Math.Min(2L * size, capacity);
        var grown = new TItem[Math.Max(Math.Min(doubled, capacity), needed)];
        if (keep)
        {
            array.AsSpan().CopyTo(grown);
        }

        array = grown;
        return true;
    }

    private int Find(int slot)
    {
        var found = _count == 0 ? ~0 : Array.BinarySearch(_indices, 0, _count, slot);
        return found >= 0 ? found : ~found;
    }

    private static int Size<TItem>(TItem[] array) => array?.Length ?? 0;

    private static void Check(bool condition, string parameter, string message = null)
    {
        if (!condition)
        {
            throw message is null ? new ArgumentOutOfRangeException(parameter) : new ArgumentOutOfRangeException(parameter, message);
        }
    }
}
