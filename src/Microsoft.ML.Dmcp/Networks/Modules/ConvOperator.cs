using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>A convolution with the first filters and the first input channels of its weight.</summary>
internal sealed class ConvOperator(
    ConvLayer layer, Parameter weight, Parameter? bias, ChannelSlices input, ChannelSlices output, bool gated) : Operator
{
    private readonly SlidingWindow _window = layer.Sliding;
    private readonly long[] _stride = [layer.Sliding.StrideY, layer.Sliding.StrideX];
    private readonly long[] _padding = layer.Sliding.IsSymmetric ? [layer.Sliding.Top, layer.Sliding.Left] : [0, 0];
    private readonly long[] _dilation = [layer.Sliding.DilationY, layer.Sliding.DilationX];

    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        var x = inputs[0];
        // oneDNN has no fast gradient in 16 bits of depth-wise filters that skip pixels or reach beyond the whole image (11 ms in place of
        // 0.2 each).
        if (layer.Depthwise && x.dtype == ScalarType.BFloat16 && (layer.Stride > 1 || x.shape[2] < layer.Kernel))
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
        if (!_window.IsSymmetric)
            x = nn.functional.pad(x, [_window.Left, _window.Right, _window.Top, _window.Bottom]);
        var groups = layer.Depthwise ? w.shape[0] : Math.Max(1, layer.Groups);
        var y = nn.functional.conv2d(x, w, b, _stride, _padding, _dilation, groups);
        return y.dtype == inputs[0].dtype ? y : y.to(inputs[0].dtype);
    }
}
