namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>One limit of one network.</summary>
/// <param name="Metric">What is limited.</param>
/// <param name="Cost">How it follows from widths.</param>
/// <param name="Most">The limit, in multiply-adds or parameters.</param>
internal sealed record CostLimit(BudgetMetric Metric, NetworkCost Cost, long Most)
{
    /// <summary>The limit in millions.</summary>
    public double Millions => Most * 1e-6;

    public override string ToString() => FormattableString.Invariant($"{Millions:0.00} M{Metric.Unit()}");
}
