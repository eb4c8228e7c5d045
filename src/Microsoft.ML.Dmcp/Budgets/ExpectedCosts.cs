using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>The expected costs of all limits of a budget (Eq. 12), and their loss (Eq. 13).</summary>
/// <param name="limits">Each limit's cost, and the limit T in millions.</param>
internal sealed class ExpectedCosts(IReadOnlyList<(IExpectedCost Cost, double Target)> limits) : IDisposable
{
    /// <summary>Expected costs in millions, [limits].</summary>
    /// <param name="expectedWidths">Expected width of every channel group, [groups].</param>
    public Tensor Of(Tensor expectedWidths) => stack(limits.Select(l => l.Cost.Of(expectedWidths)));

    /// <summary>The budget loss (Eq. 13) of the limit that is used most, a scalar.</summary>
    /// <param name="kind">Form of the loss.</param>
    /// <param name="expected">What <see cref="Of"/> gave, [limits].</param>
    /// <param name="tolerance">γ of the paper's form.</param>
    public Tensor Loss(BudgetLossKind kind, Tensor expected, double tolerance) =>
        OfTightest(expected, (e, target) => BudgetLoss.Of(kind, e, target, tolerance));

    /// <summary>
    /// The loss of the limit that is used most, a scalar: where one of two limits binds the other may have room, and must not pull towards
    /// filling it.
    /// </summary>
    /// <param name="expected">What <see cref="Of"/> gave, [limits].</param>
    /// <param name="loss">The loss of one limit: of its expected cost, a scalar, and of the limit, both in millions.</param>
    public Tensor OfTightest(Tensor expected, Func<Tensor, double, Tensor> loss)
    {
        var losses = limits.Select((l, i) => loss(expected[i], l.Target)).ToArray();
        if (losses.Length == 1)
            return losses[0];
        var use = stack(limits.Select((l, i) => expected[i].detach().DividedBy(l.Target)));
        return stack(losses).index_select(0, use.argmax(0, true)).sum();
    }

    public void Dispose()
    {
        foreach (var (cost, _) in limits)
            cost.Dispose();
    }
}
