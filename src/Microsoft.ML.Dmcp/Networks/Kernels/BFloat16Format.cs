using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>bfloat16: the upper half of a 32-bit number.</summary>
internal readonly unsafe struct BFloat16Format : INumberFormat
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(void* from, nint at, out Vector<float> low, out Vector<float> high)
    {
        Vector.Widen(Vector.Load((ushort*)from + at), out var first, out var second);
        low = Vector.AsVectorSingle(first << 16);
        high = Vector.AsVectorSingle(second << 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* to, nint at, Vector<float> low, Vector<float> high) =>
        Vector.Narrow(UpperHalf(low), UpperHalf(high)).Store((ushort*)to + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(void* from, nint at) =>
        (Avx512F.ConvertToVector512UInt32(Vector256.Load((ushort*)from + at)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(void* to, nint at, Vector512<float> numbers)
    {
        var bits = numbers.AsUInt32();
        Avx512F.ConvertToVector256UInt16((bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One)) >> 16)
            .Store((ushort*)to + at);
    }

    /// <summary>Rounded to the nearest, ties to even, as libtorch does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> UpperHalf(Vector<float> numbers)
    {
        var bits = Vector.AsVectorUInt32(numbers);
        return (bits + new Vector<uint>(0x7FFF) + ((bits >> 16) & Vector<uint>.One)) >> 16;
    }
}
