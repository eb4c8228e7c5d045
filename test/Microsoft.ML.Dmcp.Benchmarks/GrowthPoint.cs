namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>A search of which one quantity differs from the base.</summary>
/// <param name="Quantity">What differs: width, depth, batch or classes.</param>
/// <param name="Value">Its value.</param>
/// <param name="TimeRatio">Its time an iteration over that of the base.</param>
/// <param name="MultiplyAddRatio">Its multiply-adds an iteration over those of the base.</param>
/// <param name="Measurement">What was measured.</param>
internal sealed record GrowthPoint(string Quantity, double Value, double TimeRatio, double MultiplyAddRatio, Measurement Measurement)
{
    /// <summary>Columns of <see cref="ToRow"/>.</summary>
    public static string Head { get; } = Table.Head(
        1, "quantity", "value", "ms an iteration", "times the base", "million multiply-adds", "times the base", "peak MB",
        "first iteration after s");

    public string ToRow() => Table.Row(
        Quantity, Table.Text(Value, "0.#"), Table.Text(Measurement.MedianMilliseconds, "0"), Table.Text(TimeRatio, "0.00"), Table.Text(
            Measurement.MultiplyAdds / 1e6, "0"),
        Table.Text(MultiplyAddRatio, "0.00"), Table.Text(Measurement.PeakMegabytes, "0"),
        Table.Text(Measurement.FirstIterationSeconds, "0.0"));
}
