using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>A convolution with the first filters and the first input channels of its weight.</summary>
internal sealed class ConvOperator(ConvLayer layer, Parameter weight, Parameter? bias, ChannelSlices input, ChannelSlices output, bool gated) : Operator
{
    private readonly long[] _stride = [layer.Stride, layer.Stride];
    private readonly long[] _padding = [layer.Padding, layer.Padding];
    private readonly long[] _dilation = [1, 1];

    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        var w = pass.Take(weight, output, layer.Depthwise ? null : input);
        var b = bias is null ? null : pass.Take(bias, output);
        if (gated && pass.Gates is not null)
        {
            var gates = output.GatesOf(pass.Gates, pass.Widths);
            // A depth-wise convolution reads channels that are gated already; only its bias is new.
            if (!layer.Depthwise)
                w = w.mul(gates.view(-1, 1, 1, 1));
            b = b?.mul(gates);
        }
        return nn.functional.conv2d(inputs[0], w, b, _stride, _padding, _dilation, layer.Depthwise ? w.shape[0] : 1);
    }
}
