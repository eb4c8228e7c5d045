using System.Globalization;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>What the pruned network may cost at most: an absolute figure, or a share of the unpruned network.</summary>
public sealed class Budget
{
    private Budget(BudgetMetric metric, double amount, bool isRatio)
    {
        if (!(amount > 0) || !double.IsFinite(amount) || (isRatio && amount > 1))
            throw new ArgumentOutOfRangeException(nameof(amount), amount, isRatio
                ? $"A budget cannot be {Text(amount)} of the unpruned network; needed is a share in (0, 1], such as 0.5."
                : $"A budget cannot be {Text(amount)} million; needed is a positive number.");
        (Metric, Amount, IsRatio) = (metric, amount, isRatio);
    }

    /// <summary>What is limited.</summary>
    public BudgetMetric Metric { get; }

    /// <summary>The limit: in millions, or a share in (0, 1] where <see cref="IsRatio"/>.</summary>
    public double Amount { get; }

    /// <summary>Whether <see cref="Amount"/> is a share of what the unpruned network costs.</summary>
    public bool IsRatio { get; }

    /// <summary>At most so many million multiply-adds an image.</summary>
    /// <param name="mflops">Millions of multiply-adds.</param>
    public static Budget MFlops(double mflops) => new(BudgetMetric.Flops, mflops, isRatio: false);

    /// <summary>At most this share of the unpruned network's multiply-adds.</summary>
    /// <param name="ratio">A share in (0, 1].</param>
    public static Budget FlopsRatio(double ratio) => new(BudgetMetric.Flops, ratio, isRatio: true);

    /// <summary>At most so many million parameters.</summary>
    /// <param name="millions">Millions of parameters.</param>
    public static Budget MParameters(double millions) => new(BudgetMetric.Parameters, millions, isRatio: false);

    /// <summary>At most this share of the unpruned network's parameters.</summary>
    /// <param name="ratio">A share in (0, 1].</param>
    public static Budget ParametersRatio(double ratio) => new(BudgetMetric.Parameters, ratio, isRatio: true);

    /// <inheritdoc/>
    public override string ToString() => IsRatio ? $"{Text(100 * Amount)} % of the {Unit}" : $"{Text(Amount)} M{Unit}";

    internal string Unit => Metric == BudgetMetric.Flops ? "FLOPs" : "parameters";

    /// <summary>How the limited cost follows from widths.</summary>
    internal NetworkCost CostOf(NetworkDescription network) => NetworkCost.Of(Metric, network);

    /// <summary>The limit in operations or parameters, checked against the smallest and the largest network that the search can give.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="minimalWidths">The smallest width of every group.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget, or the unpruned network does already.</exception>
    internal long LimitFor(NetworkDescription network, IReadOnlyList<int> minimalWidths)
    {
        var cost = CostOf(network);
        var (least, full) = (cost.Count(minimalWidths), cost.Count(network.FullWidths));
        var limit = (long)Math.Floor(IsRatio ? Amount * full : Amount * 1e6);
        if (limit < least || limit > full)
            throw new ArgumentOutOfRangeException(nameof(Budget), this.ToString(),
                $"The budget of {Text(limit / 1e6)} M{Unit} is {(limit < least ? "below the narrowest" : "above the unpruned")} network '{network.Name}' at {network.Input.Height}x{network.Input.Width} pixels: " +
                $"give one from {Text(Math.Ceiling(least / 1e4) / 100)} to {Text(Math.Floor(full / 1e4) / 100)} M{Unit}" + (limit < least ? ", or a smaller Widths.Min or a smaller network." : ", or a larger network."));
        return limit;
    }

    private static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
