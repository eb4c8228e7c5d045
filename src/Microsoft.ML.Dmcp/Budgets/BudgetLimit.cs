using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp;

/// <summary>One thing that a <see cref="Budget"/> limits.</summary>
public sealed record BudgetLimit
{
    internal BudgetLimit(BudgetMetric metric, double amount, bool isRatio, LatencyTable? table = null)
    {
        if (!(amount > 0) || !double.IsFinite(amount) || (isRatio && amount > 1))
            throw new ArgumentOutOfRangeException(nameof(amount), amount, isRatio
                ? $"A budget cannot be {Text(amount)} of the unpruned network; needed is a share in (0, 1], such as 0.5."
                : $"A budget cannot be {Text(amount)} {metric.Unit()}; needed is a positive number.");
        Metric = metric;
        Amount = amount;
        IsRatio = isRatio;
        Table = table;
    }

    /// <summary>What is limited.</summary>
    public BudgetMetric Metric { get; }

    /// <summary>The limit: in millions, in milliseconds where it is a latency, or a share in (0, 1] where <see cref="IsRatio"/>.</summary>
    public double Amount { get; }

    /// <summary>Whether <see cref="Amount"/> is a share of what the unpruned network costs.</summary>
    public bool IsRatio { get; }

    /// <summary>The measured times that a latency follows from; null for other metrics.</summary>
    public LatencyTable? Table { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var limit = IsRatio ? $"{Text(100 * Amount)} % of the {Metric.Name()}" : $"{Text(Amount)} {Metric.Unit()}";
        return Table is null ? limit : $"{limit} by latency table {Table.Id}";
    }

    internal static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}
