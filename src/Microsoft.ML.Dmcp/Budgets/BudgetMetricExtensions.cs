namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>Words for a metric.</summary>
internal static class BudgetMetricExtensions
{
    /// <summary>What is counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The metric is unknown.</exception>
    public static string Unit(this BudgetMetric metric) => metric switch
    {
        BudgetMetric.Flops => "FLOPs",
        BudgetMetric.Parameters => "parameters",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown budget metric."),
    };
}
