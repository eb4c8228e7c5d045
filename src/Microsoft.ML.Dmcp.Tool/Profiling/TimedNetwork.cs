namespace Microsoft.ML.Dmcp.Tool.Profiling;

/// <summary>A network whose time was measured and predicted.</summary>
/// <param name="Widths">Width of every channel group.</param>
/// <param name="Predicted">Milliseconds of a run by the table.</param>
/// <param name="Measured">Milliseconds of a run, the median.</param>
internal sealed record TimedNetwork(IReadOnlyList<int> Widths, double Predicted, double Measured)
{
    /// <summary>How far the prediction is off, as a share of the measured time.</summary>
    public double Error => Math.Abs(Predicted / Measured - 1);

    /// <summary>Measures a network.</summary>
    public static TimedNetwork Measure(
        NetworkDescription network, IReadOnlyList<int> widths, LatencyTable table, LatencyOptions options) =>
        new(widths, table.MillisecondsOf(network, widths), LatencyTable.MeasureNetwork(network, widths, options));
}
