using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>A convolution that kernels of ours compute, with its gradients.</summary>
internal sealed class KernelConv : autograd.SingleTensorFunction<KernelConv>
{
    private const string Settings = "settings";

    private sealed record Needs(ConvPlan Plan, bool OfImage, bool OfWeight);

    public override string Name => nameof(KernelConv);

    /// <summary>The result, [N, filters, H, W] with channels last, of x's type.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[filters, C, height, width] of x's type.</param>
    /// <param name="plan">Of the two.</param>
    public static Tensor Run(Tensor x, Tensor weight, ConvPlan plan)
    {
        var needs = new Needs(plan, x.requires_grad, weight.requires_grad);
        using var scope = NewDisposeScope();
        return (is_grad_enabled() && (needs.OfImage || needs.OfWeight) ? apply(x, weight, needs) : plan.Forward(x, weight))
            .MoveToOuterDisposeScope();
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, weight, needs) = ((Tensor)vars[0], (Tensor)vars[1], (Needs)vars[2]);
        ctx.set_materialize_grads(false);
        ctx.save_for_backward([x, weight]);
        ctx.save_data(Settings, needs);
        return needs.Plan.Forward(x, weight);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        KernelMemory.FreeReturned();
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var needs = (Needs)ctx.get_data(Settings);
        using (grad_output)
        {
            var gradient = KernelMemory.InOrder(grad_output).contiguous();
            var (ofImage, ofWeight) = needs.Plan.Backward(saved[0], saved[1], gradient, needs.OfImage, needs.OfWeight);
            return KernelMemory.Return(scope, ofImage, ofWeight, null);
        }
    }
}
