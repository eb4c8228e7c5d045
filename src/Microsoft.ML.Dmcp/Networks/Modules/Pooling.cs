using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>Pooling over windows of any shape and padding.</summary>
internal static class Pooling
{
    /// <summary>The pooled image, [N, C, H', W'].</summary>
    public static Tensor Run(PoolLayer layer, Tensor x)
    {
        var window = layer.Sliding;
        // libtorch pads alike at opposite sides, by half of the window at most.
        var isNative = window.IsSymmetric && 2 * window.Top <= window.Height && 2 * window.Left <= window.Width;
        return layer.Kind switch
        {
            PoolKind.Max when isNative => Max(x, window, [window.Top, window.Left]),
            PoolKind.Max => Max(Padded(x, window, double.NegativeInfinity), window, [0, 0]),
            PoolKind.AverageOfImage when isNative => Average(x, window, [window.Top, window.Left], countsPadding: false),
            PoolKind.AverageOfImage => PaddedAverage(x, window).div(PaddedAverage(Ones(x), window)),
            _ when isNative => Average(x, window, [window.Top, window.Left]),
            _ => PaddedAverage(x, window),
        };
    }

    private static Tensor PaddedAverage(Tensor x, SlidingWindow window) => Average(Padded(x, window, 0), window, [0, 0]);

    private static Tensor Max(Tensor x, SlidingWindow window, long[] padding) => nn.functional.max_pool2d(
        x, [window.Height, window.Width], [window.StrideY, window.StrideX], padding, [window.DilationY, window.DilationX]);

    private static Tensor Average(Tensor x, SlidingWindow window, long[] padding, bool countsPadding = true) => nn.functional.avg_pool2d(
        x, [window.Height, window.Width], [window.StrideY, window.StrideX], padding, count_include_pad: countsPadding);

    private static Tensor Padded(Tensor x, SlidingWindow window, double value) => nn.functional.pad(
        x, [window.Left, window.Right, window.Top, window.Bottom], PaddingModes.Constant, value);

    private static Tensor Ones(Tensor x) => ones([1, 1, x.shape[2], x.shape[3]], x.dtype, x.device);
}
