using System.Numerics;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>How numbers lie in memory. Two vector registers of 32-bit numbers are read and written at a time.</summary>
internal unsafe interface INumberFormat
{
    /// <summary>Numbers that are read and written at a time.</summary>
    static int Unit => 2 * Vector<float>.Count;

    /// <summary>Reads the numbers from index <paramref name="at"/> on.</summary>
    static abstract void Load(void* from, nint at, out Vector<float> low, out Vector<float> high);

    /// <summary>Writes numbers from index <paramref name="at"/> on, rounded to the nearest.</summary>
    static abstract void Store(void* to, nint at, Vector<float> low, Vector<float> high);

    /// <summary>Reads 16 numbers from index <paramref name="at"/> on.</summary>
    static abstract Vector512<float> Load16(void* from, nint at);

    /// <summary>Writes 16 numbers from index <paramref name="at"/> on, rounded to the nearest.</summary>
    static abstract void Store16(void* to, nint at, Vector512<float> numbers);
}
