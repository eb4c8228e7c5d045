using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The identity on the input, scale and shift of a batch norm whose mean and variance μ, σ² are of the batches of all ranks. libtorch's
/// batch norm takes these for constants: its gradient of the input lacks what flows through them. With x̂ = (x − μ)/σ, n values a channel,
/// and sums over all ranks, that is −γ/σ · (Σ dy + x̂ · Σ dy·x̂)/n, where the sums are the gradients of shift and scale.
/// </summary>
internal sealed class NormGradient : autograd.MultiTensorFunction<NormGradient>
{
    private const string Group = "ranks", Values = "values";

    public override string Name => nameof(NormGradient);

    /// <summary>The same input, scale and shift.</summary>
    /// <param name="x">[N, C, ...].</param>
    /// <param name="scale">γ, [C].</param>
    /// <param name="shift">β, [C].</param>
    /// <param name="mean">μ, [C].</param>
    /// <param name="inverse">1/σ, [C].</param>
    /// <param name="values">n, of all ranks.</param>
    /// <param name="ranks">The ranks.</param>
    public static (Tensor X, Tensor Scale, Tensor Shift) On(
        Tensor x, Tensor scale, Tensor shift, Tensor mean, Tensor inverse, long values, Ranks ranks)
    {
        var same = apply(x, scale, shift, mean, inverse, values, ranks);
        return (same[0], same[1], same[2]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_for_backward([(Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[3], (Tensor)vars[4]]);
        ctx.save_data(Values, vars[5]);
        ctx.save_data(Group, vars[6]);
        return [(Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var (dx, dScale, dShift) = (grad_outputs[0], grad_outputs[1], grad_outputs[2]);
        var (ranks, values) = ((Ranks)ctx.get_data(Group), (long)ctx.get_data(Values));
        // The gradients are read after this returns: they are freed when the next batch norm comes, not with all others in the end.
        ranks.Release();
        ranks.Keep(dx, dScale, dShift);
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (x, scale, mean, inverse) = (saved[0], saved[1], saved[2], saved[3]);
        var sums = stack([dShift.to(ScalarType.Float64), dScale.to(ScalarType.Float64)]);
        ranks.Sum(sums);
        sums = sums.DividedBy(values).to(scale.dtype);
        var slope = scale.mul(inverse).neg();
        var ofX = slope.mul(inverse).mul(sums.select(0, 1));
        var constant = slope.mul(sums.select(0, 0)).sub(ofX.mul(mean));
        long[] perChannel = [1, -1, .. Enumerable.Repeat(1L, (int)dx.dim() - 2)];
        // The gradient is fresh from libtorch's batch norm, and read by nobody else.
        dx.addcmul_(x, ofX.to(dx.dtype).view(perChannel), Scalars.One).add_(constant.to(dx.dtype).view(perChannel), Scalars.One);
        return [dx, dScale, dShift, null!, null!, null!, null!];
    }
}
