using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>The expected costs of all limits of a budget (Eq. 12), and their loss (Eq. 13).</summary>
/// <param name="limits">Each limit's cost, and the limit T in millions.</param>
internal sealed class ExpectedCosts(IReadOnlyList<(ExpectedCost Cost, double Target)> limits) : IDisposable
{
    /// <summary>The limits in millions.</summary>
    public IReadOnlyList<double> Targets { get; } = limits.Select(l => l.Target).ToArray();

    /// <summary>Expected costs in millions, [limits].</summary>
    /// <param name="expectedWidths">Expected width of every channel group, [groups].</param>
    public Tensor Of(Tensor expectedWidths) => stack(limits.Select(l => l.Cost.Of(expectedWidths)));

    /// <summary>
    /// The loss of the limit that is used most, a scalar: where one of two limits binds the other may have room, and must not pull towards
    /// filling it.
    /// </summary>
    /// <param name="kind">Form of the loss.</param>
    /// <param name="expected">What <see cref="Of"/> gave, [limits].</param>
    /// <param name="tolerance">γ of the paper's form.</param>
    public Tensor Loss(BudgetLossKind kind, Tensor expected, double tolerance)
    {
        var losses = limits.Select((l, i) => BudgetLoss.Of(kind, expected[i], l.Target, tolerance)).ToArray();
        if (losses.Length == 1)
            return losses[0];
        var use = stack(limits.Select((l, i) => expected[i].detach().div(l.Target)));
        return stack(losses).index_select(0, use.argmax(0, true)).sum();
    }

    public void Dispose()
    {
        foreach (var (cost, _) in limits)
            cost.Dispose();
    }
}
