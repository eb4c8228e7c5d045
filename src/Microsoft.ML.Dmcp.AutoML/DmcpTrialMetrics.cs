namespace Microsoft.ML.Dmcp;

/// <summary>What ML.NET measures of a trained network on the validation images (<c>MulticlassClassificationMetrics</c>).</summary>
/// <param name="MicroAccuracy">Share of the images that are classified correctly.</param>
/// <param name="MacroAccuracy">Mean of that share over the classes.</param>
/// <param name="LogLoss">Mean cross entropy in nats.</param>
/// <param name="LogLossReduction">1 − LogLoss / that of guessing by the frequencies of the classes.</param>
/// <param name="ConfusionMatrix">How many images of every class (row) were predicted as every class (column).</param>
public sealed record DmcpTrialMetrics(
    double MicroAccuracy, double MacroAccuracy, double LogLoss, double LogLossReduction,
    IReadOnlyList<IReadOnlyList<double>> ConfusionMatrix)
{
    /// <summary>The value of a metric.</summary>
    /// <param name="metric">Which.</param>
    public double ValueOf(DmcpMetric metric) => metric switch
    {
        DmcpMetric.MicroAccuracy => MicroAccuracy,
        DmcpMetric.MacroAccuracy => MacroAccuracy,
        DmcpMetric.LogLoss => LogLoss,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown metric."),
    };

    /// <summary>The value of a metric, turned so that more is better.</summary>
    internal double QualityOf(DmcpMetric metric) => metric == DmcpMetric.LogLoss ? -LogLoss : ValueOf(metric);
}
