using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>min(max(x, 0), 6), with the gradient that libtorch 1.13 lacks for numbers of 16 bits on the processor.</summary>
internal sealed class ReLU6Function : autograd.SingleTensorFunction<ReLU6Function>
{
    public override string Name => nameof(ReLU6Function);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var result = ((Tensor)vars[0]).clamp(0, 6);
        ctx.save_for_backward([result]);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradOutput)
    {
        // y(6 − y) is positive between the limits and 0 at them. Arithmetic, since comparisons are ten times slower there.
        var result = ctx.get_saved_variables()[0];
        return [result.neg().add_(6).mul_(result).sign_().mul_(gradOutput)];
    }
}
