using Microsoft.ML.Dmcp.Runs.Native;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// Convolutions as sums of matrix products, one for every pixel of the result and every pixel that it reads. Padding is left out, which is
/// more than half of the work where a filter of 3x3 meets an image of 2x2, and the weights are read once and as they lie.
/// </summary>
internal static unsafe class DirectKernels
{
    // Filters whose weights stay in a core's cache while the gradient of the images is computed from them.
    private const int Panel = 32;

    /// <summary>Room that a chunk needs in a step.</summary>
    public static nint ScratchOf(in DirectJob job, DirectStep step) => step switch
    {
        DirectStep.Forward => INumberFormat.Unit * job.PaddedTo(ProductTile.Unit),
        DirectStep.InputGradients => job.PaddedTo(ProductTile.Rows) * job.InputRow,
        _ => 0,
    };

    /// <summary>Does one step, on all threads where it is cut into chunks.</summary>
    public static void Run(ref DirectJob job, DirectStep step)
    {
        job.Step = step;
        fixed (DirectJob* shared = &job)
            LibtorchThreads.Run(job.Chunks, job.IsBFloat16 ? &Work<BFloat16Format> : &Work<Float32Format>, shared);
    }

    private static void Work<T>(void* data, int chunk)
        where T : struct, INumberFormat
    {
        var job = (DirectJob*)data;
        switch (job->Step)
        {
            case DirectStep.Columns:
                ToColumns<T>(job, Part(job->InputPixels, 1, chunk, job));
                break;
            case DirectStep.Forward:
                Convolve<T>(job, Part(job->Filters, INumberFormat.Unit, chunk, job), job->Scratch + chunk * job->ScratchOfChunk);
                break;
            case DirectStep.Rows:
                var images = Part(job->PaddedTo(ProductTile.Rows), ProductTile.Rows, chunk, job);
                if (job->InputCopy != null)
                    ToRows<T>(job->Input, job->InputPixels * job->Channels, job->InputCopy, job->InputRow, images, job->Images);
                if (job->OutputCopy != null)
                    ToRows<T>(job->Output, job->OutputPixels * job->Filters, job->OutputCopy, job->OutputRow, images, job->Images);
                break;
            case DirectStep.InputGradients:
                InputGradients(job, Part(job->Filters, INumberFormat.Unit, chunk, job), job->Scratch + chunk * job->ScratchOfChunk);
                break;
            case DirectStep.InputGradient:
                SumInputGradients<T>(job, Part(job->Images, 1, chunk, job));
                break;
            case DirectStep.WeightGradient:
                WeightGradient(job, Part(job->Filters, ProductTile.Rows, chunk, job));
                break;
        }
    }

    /// <summary>A chunk's part of a number that is a multiple of a unit.</summary>
    private static (nint First, nint End) Part(nint number, nint unit, int chunk, DirectJob* job) =>
        Multiples.Part(number, unit, chunk, job->Chunks);

    private static void ToColumns<T>(DirectJob* job, (nint First, nint End) pixels)
        where T : struct, INumberFormat
    {
        var (unit, width) = (INumberFormat.Unit, job->PaddedTo(ProductTile.Unit));
        var numbers = stackalloc float[unit];
        for (var pixel = pixels.First; pixel < pixels.End; pixel++)
        {
            for (nint channel = 0; channel < job->Channels; channel += unit)
            {
                var to = job->InputCopy + (pixel * job->Channels + channel) * width;
                for (nint image = 0; image < width; image++)
                {
                    if (image < job->Images)
                        Copy<T>(job->Input, (image * job->InputPixels + pixel) * job->Channels + channel, numbers, unit);
                    else
                        new Span<float>(numbers, unit).Clear();
                    for (nint i = 0; i < unit; i++)
                        to[i * width + image] = numbers[i];
                }
            }
        }
    }

    private static void ToRows<T>(
        void* from, nint length, float* to, nint row, (nint First, nint End) images, nint count)
        where T : struct, INumberFormat
    {
        for (var image = images.First; image < images.End; image++)
        {
            if (image < count)
                Copy<T>(from, image * length, to + image * row, length);
            else
                new Span<float>(to + image * row, (int)length).Clear();
        }
    }

    private static void Convolve<T>(DirectJob* job, (nint First, nint End) filters, float* sums)
        where T : struct, INumberFormat
    {
        var (unit, width) = (INumberFormat.Unit, job->PaddedTo(ProductTile.Unit));
        var numbers = stackalloc float[unit];
        for (var filter = filters.First; filter < filters.End; filter += unit)
        {
            var weights = job->Weights + filter * job->FilterStride;
            for (var tap = 0; tap < job->TapCount;)
            {
                var pixel = job->Taps[tap].Output;
                for (var first = tap; tap < job->TapCount && job->Taps[tap].Output == pixel; tap++)
                    for (nint row = 0; row < unit; row += ProductTile.Rows)
                        ProductTile.Multiply(
                            sums + row * width, width,
                            weights + row * job->FilterStride + job->Taps[tap].Part * job->PartStride, job->FilterStride, 1,
                            job->InputCopy + job->Taps[tap].Input * job->Channels * width, width, job->Channels, width, tap == first);
                for (nint image = 0; image < job->Images; image++)
                {
                    for (nint i = 0; i < unit; i++)
                        numbers[i] = sums[i * width + image];
                    Copy<T>(numbers, job->Output, (image * job->OutputPixels + pixel) * job->Filters + filter, unit);
                }
            }
        }
    }

    private static void InputGradients(DirectJob* job, (nint First, nint End) filters, float* sums)
    {
        var (images, row) = (job->PaddedTo(ProductTile.Rows), job->InputRow);
        new Span<float>(sums, (int)(images * row)).Clear();
        for (var filter = filters.First; filter < filters.End; filter += Panel)
        {
            var steps = Math.Min(Panel, filters.End - filter);
            var weights = job->Weights + filter * job->FilterStride;
            for (var tap = job->Taps; tap < job->Taps + job->TapCount; tap++)
                for (nint image = 0; image < images; image += ProductTile.Rows)
                    ProductTile.Multiply(
                        sums + image * row + tap->Input * job->Channels, row,
                        job->OutputCopy + image * job->OutputRow + tap->Output * job->Filters + filter, job->OutputRow, 1,
                        weights + tap->Part * job->PartStride, job->FilterStride, steps, job->Channels, replaces: false);
        }
    }

    private static void SumInputGradients<T>(DirectJob* job, (nint First, nint End) images)
        where T : struct, INumberFormat
    {
        var length = job->InputPixels * job->Channels;
        for (var image = images.First; image < images.End; image++)
        {
            var sums = job->Scratch + image * job->InputRow;
            for (nint i = 0; i < length; i += INumberFormat.Unit)
            {
                Float32Format.Load(sums, i, out var low, out var high);
                for (nint chunk = 1; chunk < job->Chunks; chunk++)
                {
                    Float32Format.Load(sums + chunk * job->ScratchOfChunk, i, out var l, out var h);
                    low += l;
                    high += h;
                }
                T.Store(job->Input, image * length + i, low, high);
            }
        }
    }

    private static void WeightGradient(DirectJob* job, (nint First, nint End) filters)
    {
        for (var filter = filters.First; filter < filters.End; filter += ProductTile.Rows)
        {
            var sums = job->Weights + filter * job->FilterLength;
            for (var tap = 0; tap < job->TapCount;)
            {
                var part = job->Taps[tap].Part;
                for (var first = tap; tap < job->TapCount && job->Taps[tap].Part == part; tap++)
                    ProductTile.Multiply(
                        sums + part * job->Channels, job->FilterLength,
                        job->OutputCopy + job->Taps[tap].Output * job->Filters + filter, 1, job->OutputRow,
                        job->InputCopy + job->Taps[tap].Input * job->Channels, job->InputRow, job->Images, job->Channels, tap == first);
            }
        }
    }

    private static void Copy<T>(void* from, nint at, float* to, nint length)
        where T : struct, INumberFormat
    {
        for (nint i = 0; i < length; i += INumberFormat.Unit)
        {
            T.Load(from, at + i, out var low, out var high);
            Float32Format.Store(to, i, low, high);
        }
    }

    private static void Copy<T>(float* from, void* to, nint at, nint length)
        where T : struct, INumberFormat
    {
        for (nint i = 0; i < length; i += INumberFormat.Unit)
        {
            Float32Format.Load(from, i, out var low, out var high);
            T.Store(to, at + i, low, high);
        }
    }
}
