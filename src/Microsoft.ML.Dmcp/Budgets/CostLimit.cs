namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>One limit of one network.</summary>
/// <param name="Metric">What is limited.</param>
/// <param name="Cost">How it follows from widths.</param>
/// <param name="Most">The limit, in multiply-adds, parameters or nanoseconds.</param>
internal sealed record CostLimit(BudgetMetric Metric, IWidthCost Cost, long Most)
{
    /// <summary>The limit in millions.</summary>
    public double Millions => Most * 1e-6;

    /// <summary>The cost that a budget limits.</summary>
    /// <param name="metric">Which.</param>
    /// <param name="network">The unpruned network.</param>
    /// <param name="table">The measured times, where the metric is latency.</param>
    /// <exception cref="ArgumentOutOfRangeException">The metric is unknown.</exception>
    /// <exception cref="ArgumentException">The table lacks a layer of the network.</exception>
    public static IWidthCost CostOf(BudgetMetric metric, NetworkDescription network, LatencyTable? table) => metric switch
    {
        BudgetMetric.Flops => NetworkCost.Flops(network),
        BudgetMetric.Parameters => NetworkCost.Parameters(network),
        BudgetMetric.Latency when table is not null => table.CostOf(network),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown budget metric."),
    };

    public override string ToString() => FormattableString.Invariant($"{Millions:0.00} {Metric.Unit()}");
}
