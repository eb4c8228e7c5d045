using Microsoft.ML.Dmcp.Networks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>A convolution with the first filters and the first input channels of its weight.</summary>
internal sealed class ConvOperator(
    ConvLayer layer, Parameter weight, Parameter? bias, ChannelSlices input, ChannelSlices output, bool gated) : Operator
{
    private readonly SlidingWindow _window = layer.Sliding;
    private readonly long[] _stride = [layer.Sliding.StrideY, layer.Sliding.StrideX];
    private readonly long[] _padding = [layer.Sliding.Top, layer.Sliding.Left];
    private readonly long[] _dilation = [layer.Sliding.DilationY, layer.Sliding.DilationX];

    // Of images of the size that came last.
    private ConvTaps? _taps;

    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        var x = inputs[0];
        // oneDNN has no fast gradients in 16 bits of depth-wise filters that skip pixels (11 ms in place of 0.2 each).
        if (layer.Depthwise && layer.Stride > 1 && x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU)
            x = x.to(weight.dtype);
        var w = pass.Take(weight, output, layer.IsDense ? input : null, x.dtype);
        var b = bias is null ? null : pass.Take(bias, output, type: x.dtype);
        if (gated && pass.Gates is not null)
        {
            var gates = output.GatesOf(pass.Gates, pass.Widths);
            // A depth-wise convolution reads channels that are gated already; only its bias is new.
            if (!layer.Depthwise)
                w = w.mul(gates.view(-1, 1, 1, 1)).to(x.dtype);
            b = b?.mul(gates).to(x.dtype);
        }
        if (b is null && layer.IsDense && TapsOf(x) is { } taps && ConvLayout.Of(x, w, taps) is { } layout)
            return DirectConv.Run(x, w, layout);
        var isPadded = !_window.IsSymmetric || IsSlowWithin(x);
        if (isPadded)
            x = nn.functional.pad(x, [_window.Left, _window.Right, _window.Top, _window.Bottom]);
        var groups = layer.Depthwise ? w.shape[0] : Math.Max(1, layer.Groups);
        var y = nn.functional.conv2d(x, w, b, _stride, isPadded ? [0, 0] : _padding, _dilation, groups);
        return y.dtype == inputs[0].dtype ? y : y.to(inputs[0].dtype);
    }

    /// <summary>Whether oneDNN has no fast gradient of a depth-wise filter, for it is larger than the whole image.</summary>
    private bool IsSlowWithin(Tensor x) =>
        layer.Depthwise && x.device_type == DeviceType.CPU && (x.shape[2] < _window.Height || x.shape[3] < _window.Width);

    private ConvTaps? TapsOf(Tensor x)
    {
        var (shape, taps) = (x.shape, _taps);
        var (height, width) = ((int)shape[2], (int)shape[3]);
        return taps?.Height == height && taps.Width == width ? taps : _taps = ConvTaps.Of(_window, height, width);
    }
}
