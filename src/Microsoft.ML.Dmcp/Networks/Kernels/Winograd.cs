using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// Winograd's F(4, 3): four results of a filter of three numbers by 6 products in place of 12, so that a tile of 4x4 results of a filter of
/// 3x3 takes 36 in place of 144. With points 0, ±1, ±2 and ∞: y = Aᵀ[(G·g) ⊙ (Bᵀ·d)] (Lavin and Gray, "Fast Algorithms for Convolutional
/// Neural Networks", CVPR 2016). Gradients take the same sums transposed.
/// </summary>
internal static class Winograd
{
    /// <summary>Results of a tile, on a side.</summary>
    public const int Results = 4;

    /// <summary>Numbers of a filter, on a side.</summary>
    public const int Filter = 3;

    /// <summary>Values that a tile reads and products that it takes, on a side.</summary>
    public const int Side = 6;

    /// <summary>Products of a tile.</summary>
    public const int Products = Side * Side;

    /// <summary>Bᵀ: of six values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfValues(
        Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3, Vector512<float> d4, Vector512<float> d5,
        out Vector512<float> t0, out Vector512<float> t1, out Vector512<float> t2, out Vector512<float> t3, out Vector512<float> t4,
        out Vector512<float> t5)
    {
        var (even, odd) = (Sum(-4, d2, d4), Sum(-4, d1, d3));
        var (evenHalf, oddHalf) = (d4 - d2, d3 - d1);
        t0 = Sum(4, d0, Sum(-5, d2, d4));
        t1 = even + odd;
        t2 = even - odd;
        t3 = Sum(2, oddHalf, evenHalf);
        t4 = Sum(-2, oddHalf, evenHalf);
        t5 = Sum(4, d1, Sum(-5, d3, d5));
    }

    /// <summary>Aᵀ: four results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToResults(
        Vector512<float> m0, Vector512<float> m1, Vector512<float> m2, Vector512<float> m3, Vector512<float> m4, Vector512<float> m5,
        out Vector512<float> y0, out Vector512<float> y1, out Vector512<float> y2, out Vector512<float> y3)
    {
        var (sum, difference, sumOfTwos, differenceOfTwos) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4);
        y0 = m0 + sum + sumOfTwos;
        y1 = Sum(2, differenceOfTwos, difference);
        y2 = Sum(4, sumOfTwos, sum);
        y3 = Sum(8, differenceOfTwos, difference) + m5;
    }

    /// <summary>A: of the gradients of four results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfGradients(
        Vector512<float> y0, Vector512<float> y1, Vector512<float> y2, Vector512<float> y3,
        out Vector512<float> m0, out Vector512<float> m1, out Vector512<float> m2, out Vector512<float> m3, out Vector512<float> m4,
        out Vector512<float> m5)
    {
        var (even, odd) = (y0 + y2, y1 + y3);
        var (evenOfTwos, oddOfTwos) = (Sum(4, y2, y0), Sum(8, y3, y1 + y1));
        m0 = y0;
        m1 = even + odd;
        m2 = even - odd;
        m3 = evenOfTwos + oddOfTwos;
        m4 = evenOfTwos - oddOfTwos;
        m5 = y3;
    }

    /// <summary>G: of three numbers of a filter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OfFilter(
        Vector512<float> g0, Vector512<float> g1, Vector512<float> g2,
        out Vector512<float> u0, out Vector512<float> u1, out Vector512<float> u2, out Vector512<float> u3, out Vector512<float> u4,
        out Vector512<float> u5)
    {
        var (even, evenOfTwos) = ((g0 + g2) * (-1f / 6), Sum(1f / 24, g0, g2 * (1f / 6)));
        u0 = g0 * 0.25f;
        u1 = Sum(-1f / 6, g1, even);
        u2 = Sum(1f / 6, g1, even);
        u3 = Sum(1f / 12, g1, evenOfTwos);
        u4 = Sum(-1f / 12, g1, evenOfTwos);
        u5 = g2;
    }

    /// <summary>Gᵀ: the gradient of three numbers of a filter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFilterGradient(
        Vector512<float> u0, Vector512<float> u1, Vector512<float> u2, Vector512<float> u3, Vector512<float> u4, Vector512<float> u5,
        out Vector512<float> g0, out Vector512<float> g1, out Vector512<float> g2)
    {
        var (ones, twos) = ((u1 + u2) * (-1f / 6), u3 + u4);
        g0 = Sum(0.25f, u0, Sum(1f / 24, twos, ones));
        g1 = Sum(1f / 6, u2 - u1, (u3 - u4) * (1f / 12));
        g2 = Sum(1f / 6, twos, ones) + u5;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sum(float factor, Vector512<float> times, Vector512<float> plus) =>
        Vector512.FusedMultiplyAdd(Vector512.Create(factor), times, plus);
}
