using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>A convolution of many channels in a small image: one whose weights are at least half as many as its values.</summary>
/// <param name="Taps">Which pixels it reads.</param>
/// <param name="Images">N.</param>
/// <param name="Channels">C of the image.</param>
/// <param name="Filters">C of the result.</param>
/// <param name="FilterStride">How far apart two filters lie in memory.</param>
/// <param name="PartStride">How far apart two parts of a filter lie in memory.</param>
/// <param name="Chunks">Threads that are worth their waking.</param>
internal sealed record ConvLayout(
    ConvTaps Taps, int Images, int Channels, int Filters, long FilterStride, long PartStride, int Chunks)
{
    // Multiply-adds for which a second thread is worth its waking; how often the weights' memory threads may take for sums of their own.
    private const long SmallWork = 1 << 18, MostSums = 8;

    // TorchSharp gives memory up to 2 GB.
    private const long MostWeights = 1 << 25;

    /// <summary>Pixels of an image.</summary>
    public int InputPixels => Taps.Height * Taps.Width;

    /// <summary>Pixels of a result.</summary>
    public int OutputPixels => Taps.OutputHeight * Taps.OutputWidth;

    /// <summary>The layout of a convolution that the kernels compute faster than libtorch; null where libtorch has to.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[filters, C, height, width].</param>
    /// <param name="taps">Which pixels it reads.</param>
    public static ConvLayout? Of(Tensor x, Tensor weight, ConvTaps taps)
    {
        if (!ProductTile.IsSupported || weight.dtype != x.dtype)
            return null;
        var (unit, filterShape) = (INumberFormat.Unit, weight.shape);
        var (images, channels, filters) = (x.shape[0], filterShape[1], filterShape[0]);
        var weights = weight.numel();
        var values = images * (channels * taps.Height * taps.Width + filters * taps.OutputHeight * taps.OutputWidth);
        if (images < ProductTile.Rows || 2 * weights < values || weights > MostWeights || channels % unit != 0 || filters % unit != 0
            || !KernelMemory.CanRead(x))
            return null;
        var (strides, side) = (weight.stride(), filterShape[3]);
        var part = side > 1 ? strides[3] : filterShape[2] > 1 ? strides[2] : channels;
        if (strides[1] != 1 || filterShape[2] > 1 && strides[2] != side * part)
            return null;
        var threads = Math.Min(get_num_threads(), MostSums * weights / (images * channels * taps.Height * taps.Width));
        var chunks = images * channels * filters * taps.ByOutput.Length < SmallWork ? 1 : Math.Min(threads, filters / unit);
        return new ConvLayout(taps, (int)images, (int)channels, (int)filters, strides[0], part, (int)chunks);
    }
}
