using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>Numbers of 32 bits.</summary>
internal readonly unsafe struct Float32Format : INumberFormat
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(void* from, nint at, out Vector<float> low, out Vector<float> high)
    {
        low = Vector.Load((float*)from + at);
        high = Vector.Load((float*)from + at + Vector<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(void* to, nint at, Vector<float> low, Vector<float> high)
    {
        low.Store((float*)to + at);
        high.Store((float*)to + at + Vector<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load16(void* from, nint at) => Vector512.Load((float*)from + at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store16(void* to, nint at, Vector512<float> numbers) => numbers.Store((float*)to + at);
}
