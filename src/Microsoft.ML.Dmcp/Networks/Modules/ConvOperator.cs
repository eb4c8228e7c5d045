using Microsoft.ML.Dmcp.Networks.Kernels;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;
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
    private DirectTaps? _taps;

    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        var x = inputs[0];
        var plan = layer.IsDense && weight.dtype == ScalarType.Float32 ? PlanOf(x, output.Length(pass.Widths)) : null;
        if (plan is null && IsSlowIn16Bits(x))
            x = x.to(weight.dtype);
        var type = plan is null ? x.dtype : weight.dtype;
        var w = pass.Take(weight, output, layer.IsDense ? input : null, type);
        var b = bias is null ? null : pass.Take(bias, output, type: type);
        if (gated && pass.Gates is not null)
        {
            var gates = output.GatesOf(pass.Gates, pass.Widths);
            // A depth-wise convolution reads channels that are gated already; only its bias is new.
            if (!layer.Depthwise)
                w = w.mul(gates.view(-1, 1, 1, 1)).to(type);
            b = b?.mul(gates).to(type);
        }
        if (plan is not null)
        {
            var sums = KernelConv.Run(x, w, plan);
            return b is null ? sums : sums.add_(b.to(sums.dtype).view(1, -1, 1, 1), Scalars.One);
        }
        var isPadded = !_window.IsSymmetric || IsSlowWithin(x);
        if (isPadded)
            x = nn.functional.pad(x, [_window.Left, _window.Right, _window.Top, _window.Bottom]);
        var groups = layer.Depthwise ? w.shape[0] : Math.Max(1, layer.Groups);
        var y = nn.functional.conv2d(x, w, b, _stride, isPadded ? [0, 0] : _padding, _dilation, groups);
        return y.dtype == inputs[0].dtype ? y : y.to(inputs[0].dtype);
    }

    /// <summary>
    /// Whether libtorch is faster with 32 bits: oneDNN has no fast gradients in 16 bits of depth-wise filters that skip pixels (11 ms in
    /// place of 0.2 each), nor, on processors that are not made for 16 bits, dense filters of several pixels that are as fast.
    /// </summary>
    private bool IsSlowIn16Bits(Tensor x) =>
        x.dtype == ScalarType.BFloat16 && x.device_type == DeviceType.CPU
        && (layer.Depthwise && layer.Stride > 1 || layer.IsDense && _window.Area > 1 && Processor.IsSlowWithBFloat16);

    /// <summary>Whether oneDNN has no fast gradient of a depth-wise filter, for it is larger than the whole image.</summary>
    private bool IsSlowWithin(Tensor x) =>
        layer.Depthwise && x.device_type == DeviceType.CPU && (x.shape[2] < _window.Height || x.shape[3] < _window.Width);

    private ConvPlan? PlanOf(Tensor x, long filters)
    {
        if (WinogradPlan.Of(x, filters, _window) is { } plan)
            return plan;
        var (shape, taps) = (x.shape, _taps);
        var (height, width) = ((int)shape[2], (int)shape[3]);
        if (taps?.Height != height || taps.Width != width)
            _taps = taps = DirectTaps.Of(_window, height, width);
        return taps is null ? null : DirectPlan.Of(x, filters, taps);
    }
}
