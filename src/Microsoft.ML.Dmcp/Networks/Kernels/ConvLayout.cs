using System.Numerics;
using Microsoft.ML.Dmcp.Runs.Native;
using TorchSharp;
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

    /// <summary>Filters and channels are a multiple of it.</summary>
    public static int Unit => 2 * Vector<float>.Count;

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
        if (!LibtorchThreads.AreFound || !ProductTile.IsSupported || x.device_type != DeviceType.CPU
            || x.dtype is not (ScalarType.Float32 or ScalarType.BFloat16) || weight.dtype != x.dtype)
            return null;
        var (images, channels, filters) = (x.shape[0], x.shape[1], weight.shape[0]);
        var weights = weight.numel();
        var values = images * (channels * taps.Height * taps.Width + filters * taps.OutputHeight * taps.OutputWidth);
        if (images < ProductTile.Rows || 2 * weights < values || weights > MostWeights || channels % Unit != 0 || filters % Unit != 0)
            return null;
        using var inOrder = KernelMemory.InOrder(x);
        if (!inOrder.is_contiguous())
            return null;
        var (strides, side) = (weight.stride(), weight.shape[3]);
        var part = side > 1 ? strides[3] : weight.shape[2] > 1 ? strides[2] : channels;
        if (strides[1] != 1 || weight.shape[2] > 1 && strides[2] != side * part)
            return null;
        var threads = Math.Min(get_num_threads(), MostSums * weights / (images * channels * taps.Height * taps.Width));
        var chunks = images * channels * filters * taps.ByOutput.Length < SmallWork ? 1 : Math.Min(threads, filters / Unit);
        return new ConvLayout(taps, (int)images, (int)channels, (int)filters, strides[0], part, (int)chunks);
    }
}
