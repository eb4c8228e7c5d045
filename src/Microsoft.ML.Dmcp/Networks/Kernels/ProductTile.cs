using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// The heart of every product of matrices: sums[i, j] += Σ_s factors[i, s]·values[s, j] of 8 rows i, with the sums in vector registers.
/// </summary>
internal static unsafe class ProductTile
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 8;

    /// <summary>Numbers of a vector register: columns are a multiple of them.</summary>
    public const int Unit = 16;

    private const int Half = Rows / 2;

    /// <summary>Whether this processor has the registers.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated;

    /// <summary>Adds to the sums, or replaces them, tile by tile.</summary>
    /// <param name="sums">[8, columns].</param>
    /// <param name="sumRow">How far apart its rows are.</param>
    /// <param name="factors">[8, steps].</param>
    /// <param name="factorRow">How far apart its rows are.</param>
    /// <param name="factorStep">How far apart its columns are.</param>
    /// <param name="values">[steps, columns].</param>
    /// <param name="valueStep">How far apart its rows are.</param>
    /// <param name="steps">Products that are summed up.</param>
    /// <param name="columns">A multiple of <see cref="Unit"/>.</param>
    /// <param name="replaces">Whether the sums begin at 0.</param>
    public static void Multiply(
        float* sums, nint sumRow, float* factors, nint factorRow, nint factorStep, float* values, nint valueStep, nint steps, nint columns,
        bool replaces)
    {
        nint column = 0;
        for (; column <= columns - 2 * Unit; column += 2 * Unit)
            Wide(sums + column, sumRow, factors, factorRow, factorStep, values + column, valueStep, steps, replaces);
        if (column < columns)
            Narrow(sums + column, sumRow, factors, factorRow, factorStep, values + column, valueStep, steps, replaces);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(
        float* sums, nint sumRow, float* factors, nint factorRow, nint factorStep, float* values, nint valueStep, nint steps, bool replaces)
    {
        Quad upper0 = default, upper1 = default, lower0 = default, lower1 = default;
        var lowerSums = sums + Half * sumRow;
        if (!replaces)
        {
            upper0 = Quad.Load(sums, sumRow);
            upper1 = Quad.Load(sums + Unit, sumRow);
            lower0 = Quad.Load(lowerSums, sumRow);
            lower1 = Quad.Load(lowerSums + Unit, sumRow);
        }
        var lowerFactors = factors + Half * factorRow;
        for (; steps > 0; steps--)
        {
            var (v0, v1) = (Vector512.Load(values), Vector512.Load(values + Unit));
            var f = Quad.Spread(factors, factorRow);
            upper0 = upper0.Plus(f, v0);
            upper1 = upper1.Plus(f, v1);
            f = Quad.Spread(lowerFactors, factorRow);
            lower0 = lower0.Plus(f, v0);
            lower1 = lower1.Plus(f, v1);
            factors += factorStep;
            lowerFactors += factorStep;
            values += valueStep;
        }
        upper0.Store(sums, sumRow);
        upper1.Store(sums + Unit, sumRow);
        lower0.Store(lowerSums, sumRow);
        lower1.Store(lowerSums + Unit, sumRow);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(
        float* sums, nint sumRow, float* factors, nint factorRow, nint factorStep, float* values, nint valueStep, nint steps, bool replaces)
    {
        Quad upper = default, lower = default;
        var lowerSums = sums + Half * sumRow;
        if (!replaces)
        {
            upper = Quad.Load(sums, sumRow);
            lower = Quad.Load(lowerSums, sumRow);
        }
        var lowerFactors = factors + Half * factorRow;
        for (; steps > 0; steps--)
        {
            var v = Vector512.Load(values);
            upper = upper.Plus(Quad.Spread(factors, factorRow), v);
            lower = lower.Plus(Quad.Spread(lowerFactors, factorRow), v);
            factors += factorStep;
            lowerFactors += factorStep;
            values += valueStep;
        }
        upper.Store(sums, sumRow);
        lower.Store(lowerSums, sumRow);
    }

    /// <summary>A vector of each of four rows: as many as the compiler keeps in registers.</summary>
    private readonly struct Quad(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        private readonly Vector512<float> _a = a, _b = b, _c = c, _d = d;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Quad Load(float* from, nint row) =>
            new(Vector512.Load(from), Vector512.Load(from + row), Vector512.Load(from + 2 * row), Vector512.Load(from + 3 * row));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Quad Spread(float* from, nint row) =>
            new(Vector512.Create(*from), Vector512.Create(from[row]), Vector512.Create(from[2 * row]), Vector512.Create(from[3 * row]));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Quad Plus(Quad factors, Vector512<float> values) => new(
            Vector512.FusedMultiplyAdd(factors._a, values, _a), Vector512.FusedMultiplyAdd(factors._b, values, _b),
            Vector512.FusedMultiplyAdd(factors._c, values, _c), Vector512.FusedMultiplyAdd(factors._d, values, _d));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* to, nint row)
        {
            _a.Store(to);
            _b.Store(to + row);
            _c.Store(to + 2 * row);
            _d.Store(to + 3 * row);
        }
    }
}
