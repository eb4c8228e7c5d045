using System.Runtime.CompilerServices;
using Microsoft.ML.Dmcp.Runs.Native;
using static Microsoft.ML.Dmcp.Networks.Kernels.WinogradJob;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>
/// Convolutions of 3x3 by <see cref="Winograd"/>: for blocks of tiles, a product of matrices [tiles, channels]·[channels, filters] for each
/// of a tile's 36 products. A block's numbers stay in a core's cache from the values to the results.
/// </summary>
[SkipLocalsInit]
internal static unsafe class WinogradKernels
{
    private const int Unit = ProductTile.Unit, Parts = Winograd.Filter * Winograd.Filter;

    // Numbers of 16 filters and channels, with the filters in the rows.
    private const int Turned = Parts * Unit * Unit;

    /// <summary>Room that a chunk needs in a step.</summary>
    public static nint ScratchOf(in WinogradJob job, WinogradStep step)
    {
        var values = Winograd.Products * job.BlockOf(Row(job.Channels)) + job.Channels;
        return step switch
        {
            WinogradStep.Filters => Turned,
            WinogradStep.Results => values + Winograd.Products * job.BlockOf(Panel) + job.Filters
                + (job.Products != null ? 0 : job.PanelProducts + Turned),
            _ => values + Winograd.Products * (job.BlockOf(GradientRow(job)) + job.GroupFilters * Row(job.Channels)) + job.Filters,
        };
    }

    /// <summary>Does one step, on all threads where it is cut into chunks.</summary>
    public static void Run(ref WinogradJob job, WinogradStep step)
    {
        (job.Step, job.Next) = (step, 0);
        fixed (WinogradJob* shared = &job)
            LibtorchThreads.Run(job.Chunks, job.IsBFloat16 ? &Work<BFloat16Format> : &Work<Float32Format>, shared);
    }

    /// <summary>A chunk takes unit after unit, so that a thread that is slowed down takes fewer.</summary>
    private static void Work<T>(void* data, int chunk)
        where T : struct, INumberFormat
    {
        var job = (WinogradJob*)data;
        var scratch = job->Scratch + chunk * job->ScratchOfChunk;
        var units = job->Step switch
        {
            WinogradStep.Filters => job->Panels,
            WinogradStep.Results => job->Blocks * job->Groups,
            _ => job->Groups,
        };
        int unit;
        while ((unit = Interlocked.Increment(ref job->Next) - 1) < units)
        {
            switch (job->Step)
            {
                case WinogradStep.Filters:
                    ToProducts(job, unit, job->Products + unit * job->PanelProducts, scratch);
                    break;
                case WinogradStep.Results:
                    ToResults<T>(job, unit / job->Groups, unit % job->Groups, scratch);
                    break;
                case WinogradStep.WeightGradient:
                    ToWeightGradient<T>(job, unit, scratch);
                    break;
            }
        }
    }

    // A group need not begin or end with a vector register, of which it takes the whole.
    private static nint GradientRow(in WinogradJob job) => Row(job.GroupFilters + Unit);

    private static void ToProducts(WinogradJob* job, nint panel, float* to, float* block)
    {
        var (first, steps) = (panel * Panel, job->Channels);
        var width = Math.Min(Panel, job->Filters - first);
        for (nint step = 0; step < steps; step += Unit)
        {
            for (nint column = 0; column < width; column += Unit)
            {
                if (!job->IsTurned)
                {
                    var weights = job->Weights + (first + column) * job->FilterStride + step;
                    for (nint part = 0; part < Parts; part++)
                        WinogradTiles.Transpose(weights + part * job->PartStride, job->FilterStride, block + part * Unit * Unit);
                }
                for (nint i = 0; i < Unit; i++)
                {
                    var product = to + (step + i) * width + column;
                    var weights = job->Weights + (step + i) * job->FilterStride + first + column;
                    if (job->IsTurned)
                        WinogradTiles.Filters(weights + (Parts - 1) * job->PartStride, -job->PartStride, product, steps * width + Unit);
                    else
                        WinogradTiles.Filters(block + i * Unit, Unit * Unit, product, steps * width + Unit);
                }
            }
        }
    }

    private static void ToResults<T>(WinogradJob* job, nint block, nint group, float* scratch)
        where T : struct, INumberFormat
    {
        var row = Row(job->Channels);
        var (ofValues, ofSums) = (job->BlockOf(row), job->BlockOf(Panel));
        var values = scratch;
        var sums = values + Winograd.Products * ofValues;
        var nowhere = sums + Winograd.Products * ofSums;
        var room = nowhere + job->Filters + job->Channels;
        var (first, end) = (block * job->BlockTiles, Math.Min((block + 1) * job->BlockTiles, job->Tiles));
        ToValues<T>(job, first, values, row, ofValues, nowhere + job->Filters);
        var pixels = stackalloc void*[Winograd.Results * Winograd.Results];
        var (firstPanel, endPanel) = Multiples.Part(job->Panels, 1, group, job->Groups);
        for (var panel = firstPanel; panel < endPanel; panel++)
        {
            var products = job->Products + panel * job->PanelProducts;
            if (job->Products == null)
            {
                products = room;
                ToProducts(job, panel, products, room + job->PanelProducts);
            }
            var width = Math.Min(Panel, job->Filters - panel * Panel);
            var ofProducts = job->Channels * width + Unit;
            for (nint product = 0; product < Winograd.Products; product++)
                for (nint tile = 0; tile < end - first; tile += ProductTile.Rows)
                    ProductTile.Multiply(
                        sums + product * ofSums + tile * Panel, Panel, values + product * ofValues + tile * row, row, 1,
                        products + product * ofProducts, width, job->Channels, width, replaces: true);
            for (var tile = first; tile < end; tile++)
            {
                ResultPixels(job, tile, nowhere, pixels);
                for (nint column = 0; column < width; column += Unit)
                    WinogradTiles.ResultsOf<T>(sums + (tile - first) * Panel + column, ofSums, pixels, panel * Panel + column);
            }
        }
    }

    private static void ToWeightGradient<T>(WinogradJob* job, nint group, float* scratch)
        where T : struct, INumberFormat
    {
        var (firstFilter, endFilter) = Multiples.Part(job->Filters, ProductTile.Rows, group, job->Groups);
        var (row, gradientRow) = (Row(job->Channels), GradientRow(*job));
        var (ofValues, ofGradients) = (job->BlockOf(row), job->BlockOf(gradientRow));
        var values = scratch;
        var gradients = values + Winograd.Products * ofValues;
        var sums = gradients + Winograd.Products * ofGradients;
        var ofSums = job->GroupFilters * row;
        var zeros = sums + Winograd.Products * ofSums;
        var pixels = stackalloc void*[Winograd.Results * Winograd.Results];
        new Span<float>(zeros + job->Channels, (int)job->Filters).Clear();
        for (nint block = 0; block < job->Blocks; block++)
        {
            var first = block * job->BlockTiles;
            var count = Math.Min(job->BlockTiles, job->Tiles - first);
            ToValues<T>(job, first, values, row, ofValues, zeros);
            for (nint tile = 0; tile < count; tile++)
            {
                ResultPixels(job, first + tile, zeros + job->Channels, pixels);
                for (var filter = firstFilter; filter < endFilter; filter += Unit)
                {
                    // Before the group's own begins a row's padding.
                    var at = Math.Min(filter, job->Filters - Unit);
                    WinogradTiles.Gradients<T>(pixels, at, gradients + tile * gradientRow + at - firstFilter, ofGradients);
                }
            }
            for (nint product = 0; product < Winograd.Products; product++)
                for (nint filter = 0; filter < endFilter - firstFilter; filter += ProductTile.Rows)
                    ProductTile.Multiply(
                        sums + product * ofSums + filter * row, row, gradients + product * ofGradients + filter, 1, gradientRow,
                        values + product * ofValues, row, count, job->Channels, block == 0);
        }
        for (var filter = firstFilter; filter < endFilter; filter++)
            for (nint channel = 0; channel < job->Channels; channel += Unit)
                WinogradTiles.FilterGradients(
                    sums + (filter - firstFilter) * row + channel, ofSums, job->Weights + filter * Parts * job->Channels + channel,
                    job->Channels);
    }

    /// <summary>Transforms the values of a block's tiles.</summary>
    private static void ToValues<T>(WinogradJob* job, nint first, float* values, nint row, nint product, float* zeros)
        where T : struct, INumberFormat
    {
        var pixels = stackalloc void*[Winograd.Products];
        new Span<float>(zeros, (int)job->Channels).Clear();
        var tiles = Math.Min(job->BlockTiles, Multiples.PaddedTo(job->Tiles - first, ProductTile.Rows));
        for (nint tile = 0; tile < tiles; tile++)
        {
            ValuePixels(job, first + tile, zeros, pixels);
            for (nint channel = 0; channel < job->Channels; channel += Unit)
                WinogradTiles.Values<T>(pixels, channel, values + tile * row + channel, product);
        }
    }

    /// <summary>Where the channels of the pixels begin that a tile reads.</summary>
    private static void ValuePixels(WinogradJob* job, nint tile, void* nowhere, void** pixels) => Pixels(
        job, tile, job->Input, job->Height, job->Width, job->Channels, job->Top, job->Left, Winograd.Side, nowhere, pixels);

    /// <summary>Where the channels of a tile's pixels begin.</summary>
    private static void ResultPixels(WinogradJob* job, nint tile, void* nowhere, void** pixels) => Pixels(
        job, tile, job->Output, job->OutputHeight, job->OutputWidth, job->Filters, 0, 0, Winograd.Results, nowhere, pixels);

    private static void Pixels(
        WinogradJob* job, nint tile, void* values, nint height, nint width, nint channels, nint top, nint left, int side, void* nowhere,
        void** pixels)
    {
        var pixel = channels * (job->IsBFloat16 ? 2 : 4);
        var (rest, tileX) = (tile / job->TilesX, tile % job->TilesX);
        var (image, tileY) = (rest / job->TilesY, rest % job->TilesY);
        var (firstY, firstX) = (tileY * Winograd.Results - top, tileX * Winograd.Results - left);
        if (image >= job->Images)
            height = 0;
        for (var y = firstY; y < firstY + side; y++)
        {
            var at = (byte*)values + ((image * height + y) * width + firstX) * pixel;
            var isInside = (nuint)y < (nuint)height;
            for (var x = firstX; x < firstX + side; x++, at += pixel)
                *pixels++ = isInside && (nuint)x < (nuint)width ? at : nowhere;
        }
    }
}
