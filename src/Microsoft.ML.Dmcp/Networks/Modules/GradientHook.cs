using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The identity, which tells when the gradient of a weight is there, while the backward pass goes on to the layers before: TorchSharp has
/// no hooks of tensors.
/// </summary>
internal sealed class GradientHook : autograd.SingleTensorFunction<GradientHook>
{
    private const string Receiver = "receiver";

    public override string Name => nameof(GradientHook);

    /// <summary>The part of a weight, whose gradient an action gets in the backward pass.</summary>
    public static Tensor On(Tensor part, Action<Tensor> receive) => apply(part, receive);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Receiver, vars[1]);
        return (Tensor)vars[0];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var noGradient = no_grad();
        // A thread of libtorch has no dispose scope.
        using (grad_output)
            ((Action<Tensor>)ctx.get_data(Receiver))(grad_output);
        // Who wanted the gradient has it.
        return [null!, null!];
    }
}
