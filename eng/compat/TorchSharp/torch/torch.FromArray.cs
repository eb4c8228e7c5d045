using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;


namespace TorchSharp;

// Tensors from .NET arrays: copies, and views of their memory.
public static partial class torch
{
    private static unsafe Tensor Single<T>(T scalar, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged
    {
        var type = ToScalarType(typeof(T));
        return Tensor.Made(NativeMethods.ts_copy_of((nint)(&scalar), null, 0, (int)type, Options(dtype ?? type, device, requires_grad)));
    }

    private static unsafe Tensor Copied<T>(
        T[] array, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad,
        string[]? names) where T : unmanaged
    {
        Unnamed(names);
        Fits(dimensions, array.LongLength);
        fixed (T* data = array)
        fixed (long* shape = dimensions)
        {
            var type = ToScalarType(typeof(T));
            var options = Options(dtype ?? type, device, requires_grad);
            return Tensor.Made(NativeMethods.ts_copy_of((nint)data, shape, dimensions.Length, (int)type, options));
        }
    }

    private static unsafe Tensor Copied(Array array, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        Unnamed(names);
        var type = ToScalarType(array.GetType().GetElementType()!);
        var options = Options(dtype ?? type, device, requires_grad);
        fixed (byte* data = &MemoryMarshal.GetArrayDataReference(array))
        fixed (long* shape = Shape(array))
            return Tensor.Made(NativeMethods.ts_copy_of((nint)data, shape, array.Rank, (int)type, options));
    }

    /// <summary>A tensor over the array itself: writing to one writes to the other (unless the type or the device is another).</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) =>
        from_array(rawArray, null, device ?? CPU);

    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Unnamed(names);
        return Over(rawArray, 0, Shape(rawArray), dtype, device, requires_grad);
    }

    /// <summary>A one-dimensional tensor over a part of the array itself.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength)
            throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0)
            count = rawArray.LongLength - offset;
        if (count > rawArray.LongLength - offset)
            throw new IndexOutOfRangeException($"element count is too large: {count}");
        return Over(rawArray, offset, [count], dtype, CPU, requires_grad);
    }

    private static unsafe Tensor Over(
        Array array, long first, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device, bool requires_grad)
    {
        var type = ToScalarType(array.GetType().GetElementType()!);
        var options = Options(dtype ?? type, device, requires_grad);
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        var data = pin.AddrOfPinnedObject() + (nint)(first * type.ElementSize());
        fixed (long* shape = dimensions)
        {
            var result = NativeMethods.ts_over(
                data, shape, dimensions.Length, (int)type, &Release, GCHandle.ToIntPtr(pin), options);
            return Tensor.Made(result);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint context) => GCHandle.FromIntPtr(context).Free();

    private static long[] Shape(Array array)
    {
        var shape = new long[array.Rank];
        for (var i = 0; i < shape.Length; i++)
            shape[i] = array.GetLongLength(i);
        return shape;
    }

    private static void Fits(ReadOnlySpan<long> dimensions, long length)
    {
        long product = 1;
        foreach (var size in dimensions)
            product *= size;
        if (product > length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {product} vs. {length}");
    }
}
