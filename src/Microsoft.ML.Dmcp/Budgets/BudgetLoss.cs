using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>The budget regularisation of Eq. 13 and of the authors' release, as tensor operations that never wait for the device.</summary>
internal static class BudgetLoss
{
    /// <summary>The loss, a scalar, not yet multiplied by λ.</summary>
    /// <param name="kind">Which form.</param>
    /// <param name="expected">E: expected cost in millions, a scalar.</param>
    /// <param name="target">T: the budget in millions.</param>
    /// <param name="tolerance">γ of the paper's form.</param>
    public static Tensor Of(BudgetLossKind kind, Tensor expected, double target, double tolerance) => kind switch
    {
        BudgetLossKind.LogWithTolerance => LogWithTolerance(expected, target, tolerance),
        BudgetLossKind.LogL1 => LogL1(expected, target),
        BudgetLossKind.L1 => expected.sub(target).abs(),
        BudgetLossKind.L2 => expected.sub(target).square(),
        BudgetLossKind.InvertedLogL1 => expected.sub(target).abs().add(1e-5).log(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown budget loss."),
    };

    private static Tensor LogWithTolerance(Tensor e, double t, double tolerance)
    {
        var margin = Math.Max((1 - tolerance) * t, 1e-6 * t);
        var distance = e.sub(t).abs();
        var log = distance.clamp_min(margin).log();
        var tangent = distance.sub(margin).div(margin).add(Math.Log(margin));
        var outside = where(distance.lt(margin), tangent, log);
        return outside.mul(Outside(e, tolerance * t, t, inclusive: true));
    }

    private static Tensor LogL1(Tensor e, double t)
    {
        const double gamma = 0.95;
        var ratio = e.sub(t).abs().gt(200).to(e.dtype).mul(-0.9).add(1);
        var anchor = e.lt(gamma * t).to(e.dtype).mul((1 - gamma) * t).add(gamma * t);
        var distance = e.sub(anchor).abs().mul(ratio);
        var outside = Outside(e, gamma * t, t, inclusive: false);
        // Within the tolerance the distance may be 0; its logarithm is replaced before it is taken, so no NaN reaches the gradient.
        return distance.mul(outside).add(outside.neg().add(1)).log();
    }

    /// <summary>1 where E lies outside of the tolerance, 0 within.</summary>
    private static Tensor Outside(Tensor e, double low, double high, bool inclusive)
    {
        var below = e.lt(low).to(e.dtype);
        var above = (inclusive ? e.gt(high) : e.ge(high)).to(e.dtype);
        return below.add(above);
    }
}
