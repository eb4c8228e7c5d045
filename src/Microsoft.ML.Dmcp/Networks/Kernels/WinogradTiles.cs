using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static Microsoft.ML.Dmcp.Networks.Kernels.Winograd;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>The sums of <see cref="Winograd"/> in both directions of a tile, for 16 channels at a time.</summary>
[SkipLocalsInit]
internal static unsafe class WinogradTiles
{
    private const int Unit = ProductTile.Unit;

    /// <summary>Bᵀ·d·B of 6x6 pixels.</summary>
    /// <param name="pixels">Where each pixel's channels begin.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="to">36 times 16 numbers.</param>
    /// <param name="product">How far apart these are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Values<T>(void** pixels, nint channel, float* to, nint product)
        where T : struct, INumberFormat
    {
        var room = stackalloc float[Products * Unit];
        for (var column = 0; column < Side; column++)
        {
            var p = pixels + column;
            OfValues(
                T.Load16(p[0], channel), T.Load16(p[Side], channel), T.Load16(p[2 * Side], channel), T.Load16(p[3 * Side], channel),
                T.Load16(p[4 * Side], channel), T.Load16(p[5 * Side], channel),
                out var t0, out var t1, out var t2, out var t3, out var t4, out var t5);
            Store(room + column * Unit, Side * Unit, t0, t1, t2, t3, t4, t5);
        }
        for (var row = 0; row < Side; row++)
        {
            var r = room + row * Side * Unit;
            OfValues(
                Load(r), Load(r + Unit), Load(r + 2 * Unit), Load(r + 3 * Unit), Load(r + 4 * Unit), Load(r + 5 * Unit),
                out var t0, out var t1, out var t2, out var t3, out var t4, out var t5);
            Store(to + row * Side * product, product, t0, t1, t2, t3, t4, t5);
        }
    }

    /// <summary>Aᵀ·m·A: 4x4 pixels.</summary>
    /// <param name="from">36 times 16 sums of products.</param>
    /// <param name="product">How far apart these are.</param>
    /// <param name="pixels">Where each pixel's channels begin.</param>
    /// <param name="channel">The first channel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ResultsOf<T>(float* from, nint product, void** pixels, nint channel)
        where T : struct, INumberFormat
    {
        var room = stackalloc float[Results * Side * Unit];
        for (var column = 0; column < Side; column++)
        {
            var m = from + column * product;
            ToResults(
                Load(m), Load(m + Side * product), Load(m + 2 * Side * product), Load(m + 3 * Side * product),
                Load(m + 4 * Side * product), Load(m + 5 * Side * product), out var y0, out var y1, out var y2, out var y3);
            var r = room + column * Unit;
            y0.Store(r);
            y1.Store(r + Side * Unit);
            y2.Store(r + 2 * Side * Unit);
            y3.Store(r + 3 * Side * Unit);
        }
        for (var row = 0; row < Results; row++)
        {
            var p = pixels + row * Results;
            var m = room + row * Side * Unit;
            ToResults(
                Load(m), Load(m + Unit), Load(m + 2 * Unit), Load(m + 3 * Unit), Load(m + 4 * Unit), Load(m + 5 * Unit),
                out var y0, out var y1, out var y2, out var y3);
            T.Store16(p[0], channel, y0);
            T.Store16(p[1], channel, y1);
            T.Store16(p[2], channel, y2);
            T.Store16(p[3], channel, y3);
        }
    }

    /// <summary>A·dy·Aᵀ of the gradients of 4x4 pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradients<T>(void** pixels, nint channel, float* to, nint product)
        where T : struct, INumberFormat
    {
        var room = stackalloc float[Results * Side * Unit];
        for (var column = 0; column < Results; column++)
        {
            var p = pixels + column;
            OfGradients(
                T.Load16(p[0], channel), T.Load16(p[Results], channel), T.Load16(p[2 * Results], channel),
                T.Load16(p[3 * Results], channel), out var t0, out var t1, out var t2, out var t3, out var t4, out var t5);
            Store(room + column * Unit, Results * Unit, t0, t1, t2, t3, t4, t5);
        }
        for (var row = 0; row < Side; row++)
        {
            var r = room + row * Results * Unit;
            OfGradients(
                Load(r), Load(r + Unit), Load(r + 2 * Unit), Load(r + 3 * Unit),
                out var t0, out var t1, out var t2, out var t3, out var t4, out var t5);
            Store(to + row * Side * product, product, t0, t1, t2, t3, t4, t5);
        }
    }

    /// <summary>G·g·Gᵀ of a filter of 3x3.</summary>
    /// <param name="from">The first of its nine times 16 numbers.</param>
    /// <param name="part">How far apart the nine are; negative for a filter that is turned around.</param>
    /// <param name="to">36 times 16 numbers.</param>
    /// <param name="product">How far apart these are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Filters(float* from, nint part, float* to, nint product)
    {
        var room = stackalloc float[Filter * Side * Unit];
        for (var column = 0; column < Filter; column++)
        {
            var g = from + column * part;
            OfFilter(
                Load(g), Load(g + Filter * part), Load(g + 2 * Filter * part),
                out var u0, out var u1, out var u2, out var u3, out var u4, out var u5);
            Store(room + column * Unit, Filter * Unit, u0, u1, u2, u3, u4, u5);
        }
        for (var row = 0; row < Side; row++)
        {
            var r = room + row * Filter * Unit;
            OfFilter(
                Load(r), Load(r + Unit), Load(r + 2 * Unit), out var u0, out var u1, out var u2, out var u3, out var u4, out var u5);
            Store(to + row * Side * product, product, u0, u1, u2, u3, u4, u5);
        }
    }

    /// <summary>Gᵀ·u·G: the gradient of a filter of 3x3.</summary>
    /// <param name="from">36 times 16 sums of products.</param>
    /// <param name="product">How far apart these are.</param>
    /// <param name="to">The first of its nine times 16 numbers.</param>
    /// <param name="part">How far apart the nine are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FilterGradients(float* from, nint product, float* to, nint part)
    {
        var room = stackalloc float[Filter * Side * Unit];
        for (var column = 0; column < Side; column++)
        {
            var u = from + column * product;
            ToFilterGradient(
                Load(u), Load(u + Side * product), Load(u + 2 * Side * product), Load(u + 3 * Side * product),
                Load(u + 4 * Side * product), Load(u + 5 * Side * product), out var g0, out var g1, out var g2);
            var r = room + column * Unit;
            g0.Store(r);
            g1.Store(r + Side * Unit);
            g2.Store(r + 2 * Side * Unit);
        }
        for (var row = 0; row < Filter; row++)
        {
            var r = room + row * Side * Unit;
            ToFilterGradient(
                Load(r), Load(r + Unit), Load(r + 2 * Unit), Load(r + 3 * Unit), Load(r + 4 * Unit), Load(r + 5 * Unit),
                out var g0, out var g1, out var g2);
            var g = to + row * Filter * part;
            g0.Store(g);
            g1.Store(g + part);
            g2.Store(g + 2 * part);
        }
    }

    /// <summary>Turns 16 rows of 16 numbers into columns.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="row">How far apart the rows are.</param>
    /// <param name="to">[16, 16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(float* from, nint row, float* to)
    {
        var room = stackalloc float[Unit * Unit];
        for (nint i = 0; i < Unit; i += 4)
        {
            var first = from + i * row;
            var (a, b, c, d) = (Load(first), Load(first + row), Load(first + 2 * row), Load(first + 3 * row));
            var (lowAb, highAb) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
            var (lowCd, highCd) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
            var r = room + i * Unit;
            Avx512F.UnpackLow(lowAb, lowCd).AsSingle().Store(r);
            Avx512F.UnpackHigh(lowAb, lowCd).AsSingle().Store(r + Unit);
            Avx512F.UnpackLow(highAb, highCd).AsSingle().Store(r + 2 * Unit);
            Avx512F.UnpackHigh(highAb, highCd).AsSingle().Store(r + 3 * Unit);
        }
        for (nint i = 0; i < 4; i++)
        {
            var r = room + i * Unit;
            var (a, b, c, d) = (Load(r), Load(r + 4 * Unit), Load(r + 8 * Unit), Load(r + 12 * Unit));
            var (lowAb, highAb) = (Avx512F.Shuffle4x128(a, b, 0x44), Avx512F.Shuffle4x128(a, b, 0xEE));
            var (lowCd, highCd) = (Avx512F.Shuffle4x128(c, d, 0x44), Avx512F.Shuffle4x128(c, d, 0xEE));
            var t = to + i * Unit;
            Avx512F.Shuffle4x128(lowAb, lowCd, 0x88).Store(t);
            Avx512F.Shuffle4x128(lowAb, lowCd, 0xDD).Store(t + 4 * Unit);
            Avx512F.Shuffle4x128(highAb, highCd, 0x88).Store(t + 8 * Unit);
            Avx512F.Shuffle4x128(highAb, highCd, 0xDD).Store(t + 12 * Unit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        float* to, nint step, Vector512<float> t0, Vector512<float> t1, Vector512<float> t2, Vector512<float> t3, Vector512<float> t4,
        Vector512<float> t5)
    {
        t0.Store(to);
        t1.Store(to + step);
        t2.Store(to + 2 * step);
        t3.Store(to + 3 * step);
        t4.Store(to + 4 * step);
        t5.Store(to + 5 * step);
    }
}
