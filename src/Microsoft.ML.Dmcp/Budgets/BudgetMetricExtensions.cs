namespace Microsoft.ML.Dmcp.Budgets;

/// <summary>Words for a metric.</summary>
internal static class BudgetMetricExtensions
{
    /// <summary>What is counted.</summary>
    public static string Unit(this BudgetMetric metric) => metric == BudgetMetric.Flops ? "FLOPs" : "parameters";
}
