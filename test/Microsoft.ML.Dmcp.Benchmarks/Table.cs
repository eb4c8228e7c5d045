using System.Globalization;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Rows of Markdown tables.</summary>
internal static class Table
{
    /// <summary>Names of columns and the line below them; the first are texts, the others numbers.</summary>
    public static string Head(int texts, params string[] columns) =>
        Row(columns) + "\n" + Row(columns.Select((_, i) => i < texts ? "--" : "--:").ToArray());

    /// <summary>A row; what is not known is a dash.</summary>
    public static string Row(params string?[] cells) => "| " + string.Join(" | ", cells.Select(c => c ?? "-")) + " |";

    /// <summary>A number in a format of .NET; null when it is null.</summary>
    public static string? Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Columns of <see cref="Row(Measurement)"/>.</summary>
    public static string MeasurementHead { get; } =
        Head(
            2, "workload", "what", "median ms", "quartiles", "items/s", "kB allocated", "peak MB", "G multiply-adds/s",
            "share of the measured rate", "waited %", "first after s");

    /// <summary>A measurement.</summary>
    public static string Row(Measurement m) => Row(
        m.Workload, m.Description, Text(m.MedianMilliseconds, "0.###"), Text(m.LowMilliseconds, "0.###") + " to "
            + Text(m.HighMilliseconds, "0.###"), Text(m.ItemsPerSecond, "0.#"),
        Text(m.AllocatedKilobytes, "0.#"), Text(m.PeakMegabytes, "0"), m.MultiplyAdds > 0
            ? Text(m.GigaMultiplyAdds, "0.0")
            : "", m.MultiplyAdds > 0 && !m.IsRate
            ? Text(m.ShareOfRate, "0 %")
            : "",
        m.WaitedPercent > 0 ? Text(m.WaitedPercent, "0.0") : "", Text(m.FirstIterationSeconds, "0.0"));
}
