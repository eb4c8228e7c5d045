using Microsoft.ML.Dmcp.Runs.Native;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>A convolution of 3x3 without stride by <see cref="WinogradKernels"/>. oneDNN takes 1.1 to 2.5 times as long.</summary>
/// <param name="Window">The window.</param>
/// <param name="Images">N.</param>
/// <param name="Channels">C of the image.</param>
/// <param name="Filters">C of the result.</param>
/// <param name="Height">H of the image.</param>
/// <param name="Width">W of the image.</param>
/// <param name="Chunks">Threads that are worth their waking.</param>
internal sealed unsafe record WinogradPlan(
    SlidingWindow Window, int Images, int Channels, int Filters, int Height, int Width, int Chunks) : ConvPlan
{
    // Tiles of a block, which stays in a core's cache while its transformed weights are read; filters of a group, whose sums stay there.
    private const int BlockTiles = 32, GroupFilters = 64;

    // Pairs of a channel and a filter whose products take longer than the transformations: 16 times 16 are no faster than in oneDNN.
    private const int FewestPairs = 512;

    private int OutputHeight => (int)Window.RowsIn(Height);

    private int OutputWidth => (int)Window.ColumnsIn(Width);

    /// <summary>
    /// The plan of a convolution that these kernels compute faster than libtorch, one of at least 4x4 results that tiles of 4x4 cover well;
    /// null where libtorch has to.
    /// </summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="filters">Channels of the result.</param>
    /// <param name="window">Of the filters.</param>
    public static WinogradPlan? Of(Tensor x, long filters, SlidingWindow window)
    {
        const int side = Winograd.Filter;
        if (window is not
            {
                Height: side, Width: side, StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1,
                Top: < side, Left: < side, Bottom: < side, Right: < side,
            }
            || !CanRead(x, filters) || x.dtype == ScalarType.BFloat16 && Processor.HasAmx)
            return null;
        var shape = x.shape;
        var (images, channels, height, width) = ((int)shape[0], (int)shape[1], (int)shape[2], (int)shape[3]);
        var (rows, columns) = (window.RowsIn(height), window.ColumnsIn(width));
        var products = Winograd.Products * TilesOn(rows) * TilesOn(columns);
        if (channels * filters < FewestPairs || rows < Winograd.Results || columns < Winograd.Results
            || 2 * products > side * side * rows * columns)
            return null;
        var threads = products * images * channels * filters < SmallWork ? 1 : get_num_threads();
        return new WinogradPlan(window, images, channels, (int)filters, height, width, threads);
    }

    public override Tensor Forward(Tensor x, Tensor weight)
    {
        var y = KernelMemory.ChannelsLast([Images, Filters, OutputHeight, OutputWidth], x.dtype);
        var job = JobOf(x.dtype, isTurned: false);
        job.Input = KernelMemory.InOrderPointer(x);
        job.Weights = KernelMemory.Filters(weight, out job.FilterStride, out job.PartStride);
        job.Output = KernelMemory.InOrderPointer(y);
        Convolve(ref job);
        return y;
    }

    public override (Tensor? OfImage, Tensor? OfWeight) Backward(
        Tensor x, Tensor weight, Tensor gradient, bool asksImage, bool asksWeight)
    {
        Tensor? ofImage = null, ofWeight = null;
        if (asksWeight)
        {
            ofWeight = KernelMemory.ChannelsLast(weight.shape, weight.dtype);
            var job = JobOf(x.dtype, isTurned: false);
            job.Groups = Math.Min(Math.Max(Chunks, Multiples.Units(Filters, GroupFilters)), Filters / ProductTile.Rows);
            job.Input = KernelMemory.InOrderPointer(x);
            job.Weights = (float*)KernelMemory.InOrderPointer(ofWeight);
            job.Output = KernelMemory.Pointer(gradient);
            Run(ref job, WinogradStep.WeightGradient);
        }
        if (asksImage)
        {
            ofImage = empty_like(x);
            var job = JobOf(x.dtype, isTurned: true);
            job.Input = KernelMemory.Pointer(gradient);
            job.Weights = KernelMemory.Filters(weight, out job.FilterStride, out job.PartStride);
            job.Output = KernelMemory.InOrderPointer(ofImage);
            Convolve(ref job);
        }
        return (ofImage, ofWeight);
    }

    private static void Convolve(ref WinogradJob job)
    {
        // Weights of a single block are read once: they are transformed panel by panel, and stay in a core's cache.
        if (job.Blocks > 1)
        {
            job.Products = KernelMemory.Room(job.Panels * job.PanelProducts);
            Run(ref job, WinogradStep.Filters);
        }
        Run(ref job, WinogradStep.Results);
    }

    private static void Run(ref WinogradJob job, WinogradStep step)
    {
        job.ScratchOfChunk = WinogradKernels.ScratchOf(job, step);
        job.Scratch = KernelMemory.Room(job.Chunks * job.ScratchOfChunk);
        WinogradKernels.Run(ref job, step);
    }

    private WinogradJob JobOf(ScalarType type, bool isTurned)
    {
        var job = new WinogradJob
        {
            IsBFloat16 = type == ScalarType.BFloat16,
            IsTurned = isTurned,
            Chunks = Chunks,
            Images = Images,
        };
        var (image, result) = ((Channels, Height, Width), (Filters, OutputHeight, OutputWidth));
        if (isTurned)
            (image, result) = (result, image);
        (job.Channels, job.Height, job.Width) = image;
        (job.Filters, job.OutputHeight, job.OutputWidth) = result;
        const int last = Winograd.Filter - 1;
        (job.Top, job.Left) = isTurned ? (last - Window.Top, last - Window.Left) : (Window.Top, Window.Left);
        (job.TilesY, job.TilesX) = ((nint)TilesOn(job.OutputHeight), (nint)TilesOn(job.OutputWidth));

        job.Blocks = Math.Max(1, job.Tiles / BlockTiles);
        if (job.Blocks > Chunks)
            job.Blocks = Multiples.PaddedTo(job.Blocks, Chunks);
        job.Groups = Math.Min(job.Panels, Multiples.Units(Chunks, job.Blocks));
        job.BlockTiles = Multiples.PaddedTo(Multiples.Units(job.Tiles, job.Blocks), ProductTile.Rows);
        return job;
    }

    private static long TilesOn(long results) => Multiples.Units((nint)results, Winograd.Results);
}
