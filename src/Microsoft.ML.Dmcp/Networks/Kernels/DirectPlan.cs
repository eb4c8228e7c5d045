using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// A convolution of many channels in a small image, one whose weights are at least half as many as its values:
/// y[n, k, p] = Σ w[k, c, t]·x[n, c, q] over the channels c and the pixels q that pixel p reads by part t of the filter. oneDNN, libtorch's
/// convolutions, takes 1.1 to 5 times as long where weights are as many as values.
/// </summary>
/// <param name="Taps">Which pixels it reads.</param>
/// <param name="Images">N.</param>
/// <param name="Channels">C of the image.</param>
/// <param name="Filters">C of the result.</param>
/// <param name="Chunks">Threads that are worth their waking.</param>
internal sealed unsafe record DirectPlan(DirectTaps Taps, int Images, int Channels, int Filters, int Chunks) : ConvPlan
{
    // How often the weights' memory threads may take for sums of their own.
    private const long MostSums = 8;

    /// <summary>The plan of a convolution that these kernels compute faster than libtorch; null where libtorch has to.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="filters">Channels of the result.</param>
    /// <param name="taps">Which pixels it reads.</param>
    public static DirectPlan? Of(Tensor x, long filters, DirectTaps taps)
    {
        if (!CanRead(x, filters))
            return null;
        var shape = x.shape;
        var (images, channels) = (shape[0], shape[1]);
        var (inputs, weights) = (images * channels * taps.Height * taps.Width, filters * channels * taps.Parts);
        if (2 * weights < inputs + images * filters * taps.OutputHeight * taps.OutputWidth)
            return null;
        var threads = Math.Min(get_num_threads(), MostSums * weights / inputs);
        var chunks = images * channels * filters * taps.ByOutput.Length < SmallWork ? 1 : Math.Min(threads, filters / INumberFormat.Unit);
        return new DirectPlan(taps, (int)images, (int)channels, (int)filters, (int)chunks);
    }

    public override Tensor Forward(Tensor x, Tensor weight)
    {
        var job = JobOf(x);
        var y = KernelMemory.ChannelsLast([Images, Filters, Taps.OutputHeight, Taps.OutputWidth], x.dtype);
        job.Input = KernelMemory.InOrderPointer(x);
        job.InputCopy = KernelMemory.Room(job.InputPixels * job.Channels * job.PaddedTo(ProductTile.Unit));
        job.Weights = KernelMemory.Filters(weight, out job.FilterStride, out job.PartStride);
        job.Output = KernelMemory.InOrderPointer(y);
        fixed (DirectTap* taps = Taps.ByOutput)
        {
            job.Taps = taps;
            DirectKernels.Run(ref job, DirectStep.Columns);
            Run(ref job, DirectStep.Forward);
        }
        return y;
    }

    public override (Tensor? OfImage, Tensor? OfWeight) Backward(
        Tensor x, Tensor weight, Tensor gradient, bool asksImage, bool asksWeight)
    {
        var job = JobOf(x);
        job.Output = KernelMemory.Pointer(gradient);
        job.Input = KernelMemory.InOrderPointer(x);
        job.OutputCopy = KernelMemory.Room(job.PaddedTo(ProductTile.Rows) * job.OutputRow);
        if (asksWeight)
            job.InputCopy = KernelMemory.Room(job.PaddedTo(ProductTile.Rows) * job.InputRow);
        DirectKernels.Run(ref job, DirectStep.Rows);
        fixed (DirectTap* taps = Taps.ByPart)
        {
            job.Taps = taps;
            Tensor? ofImage = null, ofWeight = null;
            if (asksWeight)
            {
                ofWeight = KernelMemory.ChannelsLast(weight.shape, weight.dtype);
                job.Weights = (float*)KernelMemory.InOrderPointer(ofWeight);
                Run(ref job, DirectStep.WeightGradient);
            }
            if (asksImage)
            {
                ofImage = empty_like(x);
                job.Weights = KernelMemory.Filters(weight, out job.FilterStride, out job.PartStride);
                Run(ref job, DirectStep.InputGradients);
                job.Input = KernelMemory.InOrderPointer(ofImage);
                DirectKernels.Run(ref job, DirectStep.InputGradient);
            }
            return (ofImage, ofWeight);
        }
    }

    private static void Run(ref DirectJob job, DirectStep step)
    {
        job.ScratchOfChunk = DirectKernels.ScratchOf(job, step);
        job.Scratch = KernelMemory.Room(job.Chunks * job.ScratchOfChunk);
        DirectKernels.Run(ref job, step);
    }

    private DirectJob JobOf(Tensor x) => new()
    {
        IsBFloat16 = x.dtype == ScalarType.BFloat16,
        Chunks = Chunks,
        TapCount = Taps.ByOutput.Length,
        Images = Images,
        Channels = Channels,
        Filters = Filters,
        InputPixels = Taps.Height * Taps.Width,
        OutputPixels = Taps.OutputHeight * Taps.OutputWidth,
        Parts = Taps.Parts,
    };
}
