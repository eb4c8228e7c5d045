using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp;

/// <summary>One thing that a <see cref="Budget"/> limits.</summary>
public sealed record BudgetLimit
{
    internal BudgetLimit(BudgetMetric metric, double amount, bool isRatio)
    {
        if (!(amount > 0) || !double.IsFinite(amount) || (isRatio && amount > 1))
            throw new ArgumentOutOfRangeException(nameof(amount), amount, isRatio
                ? $"A budget cannot be {Text(amount)} of the unpruned network; needed is a share in (0, 1], such as 0.5."
                : $"A budget cannot be {Text(amount)} million; needed is a positive number.");
        Metric = metric;
        Amount = amount;
        IsRatio = isRatio;
    }

    /// <summary>What is limited.</summary>
    public BudgetMetric Metric { get; }

    /// <summary>The limit: in millions, or a share in (0, 1] where <see cref="IsRatio"/>.</summary>
    public double Amount { get; }

    /// <summary>Whether <see cref="Amount"/> is a share of what the unpruned network costs.</summary>
    public bool IsRatio { get; }

    /// <inheritdoc/>
    public override string ToString() => IsRatio ? $"{Text(100 * Amount)} % of the {Metric.Unit()}" : $"{Text(Amount)} M{Metric.Unit()}";

    internal static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
