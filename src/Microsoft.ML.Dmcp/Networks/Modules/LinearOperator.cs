using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>A fully connected layer with the first outputs and the first inputs of its weight.</summary>
internal sealed class LinearOperator(Parameter weight, Parameter? bias, ChannelSlices input, ChannelSlices output, bool gated) : Operator
{
    public override bool ResultMayBeOverwritten => true;

    public override Tensor Run(Tensor[] inputs, in NetworkPass pass)
    {
        // Scores keep the precision of the weights.
        var x = inputs[0].dim() > 2 ? inputs[0].flatten(1) : inputs[0];
        if (x.dtype != weight.dtype)
            x = x.to(weight.dtype);
        var w = pass.Take(weight, output, input);
        var b = bias is null ? null : pass.Take(bias, output);
        if (gated && pass.Gates is not null)
        {
            var gates = output.GatesOf(pass.Gates, pass.Widths);
            w = w.mul(gates.view(-1, 1));
            b = b?.mul(gates);
        }
        return nn.functional.linear(x, w, b);
    }
}
