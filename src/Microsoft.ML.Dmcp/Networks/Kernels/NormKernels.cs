using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.Dmcp.Runs.Native;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// Batch norm and the activation behind it, pass by pass over values in channels-last order. libtorch reads and writes them 14 times,
/// forward and backward; here it is 8 times.
/// </summary>
internal static unsafe class NormKernels
{
    // Rows that are summed up by themselves: sums of sums lose fewer digits.
    private const int RowsOfSum = 64;

    /// <summary>Runs one pass, on all threads where it is cut into chunks. Chunks have sums of their own, added in order.</summary>
    public static void Run(ref NormJob job, NormStep step)
    {
        job.Step = step;
        fixed (NormJob* shared = &job)
            LibtorchThreads.Run(job.Chunks, job.IsBFloat16 ? &Work<BFloat16Format> : &Work<Float32Format>, shared);
    }

    private static void Work<T>(void* data, int chunk)
        where T : struct, INumberFormat
    {
        var job = (NormJob*)data;
        // Backwards over what the pass before came to last: that is in the caches still.
        if (job->Step is NormStep.Normalize or NormStep.Gradient)
            chunk = job->Chunks - 1 - chunk;
        var (first, end) = Multiples.Part(job->Rows, 1, chunk, job->Chunks);
        var sums = job->Sums + chunk * NormJob.SumsOfChunk * job->Columns;
        switch (job->Step)
        {
            case NormStep.Sums:
                InBlocks(&Sum<T>, job, sums, first, end);
                break;
            case NormStep.Normalize:
                Normalize<T>(job, first, end);
                break;
            case NormStep.GradientSums:
                InBlocks(&SumGradients<T>, job, sums, first, end);
                break;
            case NormStep.Gradient:
                ComputeGradients<T>(job, first, end);
                break;
        }
    }

    private static void InBlocks(delegate*<NormJob*, float*, nint, nint, void> sum, NormJob* job, float* sums, nint first, nint end)
    {
        var length = 2 * job->Columns;
        var block = sums + length;
        new Span<float>(sums, (int)length).Clear();
        for (; first < end; first += RowsOfSum)
        {
            new Span<float>(block, (int)length).Clear();
            sum(job, block, first, Math.Min(first + RowsOfSum, end));
            for (nint i = 0; i < length; i += Vector<float>.Count)
                (Vector.Load(sums + i) + Vector.Load(block + i)).Store(sums + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<T>(NormJob* job, float* sums, nint first, nint end)
        where T : struct, INumberFormat
    {
        var (columns, v) = (job->Columns, Vector<float>.Count);
        var squares = sums + columns;
        for (var row = first * columns; row < end * columns; row += columns)
        {
            for (nint i = 0; i < columns; i += INumberFormat.Unit)
            {
                T.Load(job->X, row + i, out var x0, out var x1);
                x0 -= Vector.Load(job->Mean + i);
                x1 -= Vector.Load(job->Mean + i + v);
                (Vector.Load(sums + i) + x0).Store(sums + i);
                (Vector.Load(sums + i + v) + x1).Store(sums + i + v);
                Vector.FusedMultiplyAdd(x0, x0, Vector.Load(squares + i)).Store(squares + i);
                Vector.FusedMultiplyAdd(x1, x1, Vector.Load(squares + i + v)).Store(squares + i + v);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<T>(NormJob* job, nint first, nint end)
        where T : struct, INumberFormat
    {
        var (columns, v) = (job->Columns, Vector<float>.Count);
        Vector<float> lower = new(job->Lower), upper = new(job->Upper);
        for (var row = first * columns; row < end * columns; row += columns)
        {
            for (nint i = 0; i < columns; i += INumberFormat.Unit)
            {
                T.Load(job->X, row + i, out var x0, out var x1);
                x0 = Vector.FusedMultiplyAdd(x0, Vector.Load(job->Scale + i), Vector.Load(job->Shift + i));
                x1 = Vector.FusedMultiplyAdd(x1, Vector.Load(job->Scale + i + v), Vector.Load(job->Shift + i + v));
                if (job->Summand != null)
                {
                    T.Load(job->Summand, row + i, out var a0, out var a1);
                    x0 += a0;
                    x1 += a1;
                }
                // NaN stays NaN: the processor gives the second operand then.
                x0 = Vector.MinNative(upper, Vector.MaxNative(lower, x0));
                x1 = Vector.MinNative(upper, Vector.MaxNative(lower, x1));
                T.Store(job->Y, row + i, x0, x1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumGradients<T>(NormJob* job, float* sums, nint first, nint end)
        where T : struct, INumberFormat
    {
        var (columns, v) = (job->Columns, Vector<float>.Count);
        var products = sums + columns;
        Vector<float> lower = new(job->Lower), upper = new(job->Upper);
        for (var row = first * columns; row < end * columns; row += columns)
        {
            for (nint i = 0; i < columns; i += INumberFormat.Unit)
            {
                T.Load(job->X, row + i, out var x0, out var x1);
                T.Load(job->Dy, row + i, out var g0, out var g1);
                if (job->DSummand != null)
                {
                    T.Load(job->Y, row + i, out var y0, out var y1);
                    g0 = Within(y0, lower, upper, g0);
                    g1 = Within(y1, lower, upper, g1);
                    T.Store(job->DSummand, row + i, g0, g1);
                }
                else
                {
                    var y0 = Vector.FusedMultiplyAdd(x0, Vector.Load(job->Scale + i), Vector.Load(job->Shift + i));
                    var y1 = Vector.FusedMultiplyAdd(x1, Vector.Load(job->Scale + i + v), Vector.Load(job->Shift + i + v));
                    g0 = Within(y0, lower, upper, g0);
                    g1 = Within(y1, lower, upper, g1);
                }
                x0 -= Vector.Load(job->Mean + i);
                x1 -= Vector.Load(job->Mean + i + v);
                (Vector.Load(sums + i) + g0).Store(sums + i);
                (Vector.Load(sums + i + v) + g1).Store(sums + i + v);
                Vector.FusedMultiplyAdd(x0, g0, Vector.Load(products + i)).Store(products + i);
                Vector.FusedMultiplyAdd(x1, g1, Vector.Load(products + i + v)).Store(products + i + v);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ComputeGradients<T>(NormJob* job, nint first, nint end)
        where T : struct, INumberFormat
    {
        var (columns, v) = (job->Columns, Vector<float>.Count);
        Vector<float> lower = new(job->Lower), upper = new(job->Upper);
        for (var row = first * columns; row < end * columns; row += columns)
        {
            for (nint i = 0; i < columns; i += INumberFormat.Unit)
            {
                Vector<float> a0 = Vector.Load(job->Scale + i), a1 = Vector.Load(job->Scale + i + v);
                T.Load(job->X, row + i, out var x0, out var x1);
                T.Load(job->Dy, row + i, out var g0, out var g1);
                g0 = Within(Vector.FusedMultiplyAdd(x0, a0, Vector.Load(job->Shift + i)), lower, upper, g0);
                g1 = Within(Vector.FusedMultiplyAdd(x1, a1, Vector.Load(job->Shift + i + v)), lower, upper, g1);
                g0 = Vector.FusedMultiplyAdd(g0, a0, Vector.Load(job->Constant + i));
                g1 = Vector.FusedMultiplyAdd(g1, a1, Vector.Load(job->Constant + i + v));
                g0 = Vector.FusedMultiplyAdd(x0 - Vector.Load(job->Mean + i), Vector.Load(job->Slope + i), g0);
                g1 = Vector.FusedMultiplyAdd(x1 - Vector.Load(job->Mean + i + v), Vector.Load(job->Slope + i + v), g1);
                T.Store(job->Dx, row + i, g0, g1);
            }
        }
    }

    /// <summary>The gradient where the value is within the limits, and 0 elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Within(Vector<float> value, Vector<float> lower, Vector<float> upper, Vector<float> gradient) =>
        Vector.AsVectorSingle(
            Vector.GreaterThan(value, lower) & Vector.LessThan(value, upper) & Vector.AsVectorInt32(gradient));
}
