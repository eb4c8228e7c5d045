namespace Microsoft.ML.Dmcp;

/// <summary>What a budget limits.</summary>
public enum BudgetMetric
{
    /// <summary>Multiply-adds of one image (<see cref="NetworkCost.Flops"/>).</summary>
    Flops,

    /// <summary>Learned parameters (<see cref="NetworkCost.Parameters"/>).</summary>
    Parameters,

    /// <summary>Measured time of one run (<see cref="LatencyTable"/>).</summary>
    Latency,
}
