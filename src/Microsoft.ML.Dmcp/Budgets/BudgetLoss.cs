using Microsoft.ML.Dmcp.Runs;
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
        BudgetLossKind.L1 => expected.Minus(target).abs(),
        BudgetLossKind.L2 => expected.Minus(target).square(),
        BudgetLossKind.InvertedLogL1 => expected.Minus(target).abs().Plus(1e-5).log(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown budget loss."),
    };

    private static Tensor LogWithTolerance(Tensor e, double t, double tolerance)
    {
        var margin = Math.Max((1 - tolerance) * t, 1e-6 * t);
        var distance = e.Minus(t).abs();
        var log = distance.AtLeast(margin).log();
        var tangent = distance.Minus(margin).DividedBy(margin).Plus(Math.Log(margin));
        var outside = where(distance.IsLess(margin).to(ScalarType.Bool), tangent, log);
        return outside.mul(Outside(e, tolerance * t, t, inclusive: true));
    }

    private static Tensor LogL1(Tensor e, double t)
    {
        const double gamma = 0.95;
        var ratio = e.Minus(t).abs().IsGreater(200).Times(-0.9).Plus(1);
        var anchor = e.IsLess(gamma * t).Times((1 - gamma) * t).Plus(gamma * t);
        var distance = e.sub(anchor).abs().mul(ratio);
        var outside = Outside(e, gamma * t, t, inclusive: false);
        // Within the tolerance the distance may be 0; its logarithm is replaced before it is taken, so no NaN reaches the gradient.
        return distance.mul(outside).Plus(outside.neg().Plus(1)).log();
    }

    /// <summary>1 where E lies outside of the tolerance, 0 within.</summary>
    private static Tensor Outside(Tensor e, double low, double high, bool inclusive)
    {
        var below = e.IsLess(low);
        var above = inclusive ? e.IsGreater(high) : e.IsGreaterOrEqual(high);
        return below.Plus(above);
    }
}
