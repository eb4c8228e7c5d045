using System.Collections;
using System.Runtime.CompilerServices;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor on the CPU, in place, in row-major order whatever its strides.</summary>
public sealed class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private torch.Tensor? _tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        _tensor = tensor;
    }

    public long Count => _tensor?.numel() ?? 0;

    public bool IsReadOnly => false;

    private torch.Tensor Tensor => _tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<T>));

    private unsafe T* Data => (T*)Tensor.Data();

    public unsafe T this[params long[] indices]
    {
        get => Data[Offset(indices)];
        set => Data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[Count];
        if (result.Length > 0)
            CopyTo(result);
        return result;
    }

    /// <summary>An array of as many dimensions as the tensor has.</summary>
    public Array ToNDArray()
    {
        var shape = Tensor.shape;
        if (shape.Length < 2)
            return ToArray();
        var result = Array.CreateInstance(typeof(T), shape);
        var bytes = System.Runtime.InteropServices.MemoryMarshal.CreateSpan(
            ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result), checked((int)Count * Unsafe.SizeOf<T>()));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(ToArray().AsSpan()).CopyTo(bytes);
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public unsafe void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var target = array[arrayIndex..];
        target = target[..(int)Math.Min(target.Length, Remaining(tensorIndex))];
        if (Tensor.is_contiguous())
        {
            new ReadOnlySpan<T>(Data + tensorIndex, target.Length).CopyTo(target);
        }
        else
        {
            var data = Data;
            var walk = new RowMajorWalk(Tensor.shape, Tensor.stride(), tensorIndex);
            foreach (ref var element in target)
                element = data[walk.Next()];
        }
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public unsafe void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        source = source[..(int)Math.Min(source.Length, Remaining(tensorIndex))];
        if (Tensor.is_contiguous())
        {
            source.CopyTo(new Span<T>(Data + tensorIndex, source.Length));
        }
        else
        {
            var data = Data;
            var walk = new RowMajorWalk(Tensor.shape, Tensor.stride(), tensorIndex);
            foreach (var element in source)
                data[walk.Next()] = element;
        }
        GC.KeepAlive(_tensor);
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) =>
        left.Count == right.Count && left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _tensor = null;

    private long Remaining(long tensorIndex) => tensorIndex >= 0 && tensorIndex < Count
        ? Count - tensorIndex
        : throw new ArgumentOutOfRangeException(nameof(tensorIndex));

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            var index = indices[0];
            if (index < 0 || index >= Count)
                throw new IndexOutOfRangeException();
            return Tensor.is_contiguous() ? index : new RowMajorWalk(Tensor.shape, Tensor.stride(), index).Next();
        }
        var shape = Tensor.shape;
        var strides = Tensor.stride();
        if (indices.Length != shape.Length && Count != 1)
            throw new IndexOutOfRangeException($"{indices.Length} indices for {shape.Length} dimensions.");
        long offset = 0;
        for (var i = 0; i < shape.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= shape[i])
                throw new IndexOutOfRangeException($"{indices[i]} >= {shape[i]} in dimension {i}.");
            offset += indices[i] * strides[i];
        }
        return offset;
    }
}
