using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>Batch norm with the mean and variance of the batches of all ranks: what one process computes of the whole batch.</summary>
internal static class SynchronizedNorm
{
    /// <summary>The normalized input.</summary>
    /// <param name="x">This rank's part of the batch, [N, C, ...].</param>
    /// <param name="scale">γ, [C].</param>
    /// <param name="shift">β, [C].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="ranks">The ranks; each has as many images.</param>
    /// <param name="track">Gets mean and unbiased variance of the whole batch, [C].</param>
    public static Tensor Run(Tensor x, Tensor scale, Tensor shift, double epsilon, Ranks ranks, Action<Tensor, Tensor>? track)
    {
        var own = x.numel() / x.shape[1];
        var all = own * ranks.Size;
        var (mean, variance) = Statistics(x.detach(), own, all, ranks);
        track?.Invoke(mean.to(scale.dtype), variance.Times((double)all / Math.Max(1, all - 1)).to(scale.dtype));
        var (m, v) = (mean.to(scale.dtype), variance.to(scale.dtype));
        if (is_grad_enabled())
            (x, scale, shift) = NormGradient.On(x, scale, shift, m, v.Plus(epsilon).rsqrt(), all, ranks);
        return nn.functional.batch_norm(x, m, v, scale, shift, false, 0, epsilon);
    }

    /// <summary>Mean and biased variance of every channel, of all ranks, in 64 bits.</summary>
    private static (Tensor Mean, Tensor Variance) Statistics(Tensor x, long own, long all, Ranks ranks)
    {
        using var noGradient = no_grad();
        var dimensions = Enumerable.Range(0, (int)x.dim()).Where(d => d != 1).Select(d => (long)d).ToArray();
        if (x.dtype == ScalarType.BFloat16)
            x = x.to(ScalarType.Float32);
        var (ownVariance, ownMean) = x.var_mean(dimensions, unbiased: false);
        var mean = ownMean.to(ScalarType.Float64);
        // Σx and Σx²: in 64 bits the digits that the difference of squares costs are there.
        var sums = stack([mean, ownVariance.to(ScalarType.Float64).Plus(mean.square())]).Times(own);
        ranks.Sum(sums);
        sums = sums.DividedBy(all);
        mean = sums.select(0, 0);
        return (mean, sums.select(0, 1).sub(mean.square()).AtLeast(0));
    }
}
