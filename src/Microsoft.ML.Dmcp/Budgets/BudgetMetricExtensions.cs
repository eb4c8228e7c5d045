namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>Words for a metric.</summary>
internal static class BudgetMetricExtensions
{
    /// <summary>What is limited.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The metric is unknown.</exception>
    public static string Name(this BudgetMetric metric) => metric switch
    {
        BudgetMetric.Flops => "FLOPs",
        BudgetMetric.Parameters => "parameters",
        BudgetMetric.Latency => "latency",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown budget metric."),
    };

    /// <summary>The unit of a million of it; of nanoseconds, milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The metric is unknown.</exception>
    public static string Unit(this BudgetMetric metric) => metric == BudgetMetric.Latency ? "ms" : "M" + metric.Name();
}
