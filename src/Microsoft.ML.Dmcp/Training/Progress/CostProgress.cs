namespace Microsoft.ML.Dmcp;

/// <summary>Where a search stands with one limit of its budget.</summary>
/// <param name="Metric">What is limited.</param>
/// <param name="Expected">Expected cost at the current α, in millions; in milliseconds where it is a latency.</param>
/// <param name="Target">The limit, likewise.</param>
public sealed record CostProgress(BudgetMetric Metric, double Expected, double Target);
