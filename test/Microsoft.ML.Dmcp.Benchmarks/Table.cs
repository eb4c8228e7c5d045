using System.Globalization;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Measurements as a Markdown table.</summary>
internal static class Table
{
    public const string Head = "| workload | what | median ms | quartiles | items/s | kB allocated | peak MB | G multiply-adds/s | waited % | first after s |\n| -- | -- | --: | --: | --: | --: | --: | --: | --: | --: |";

    public static string Row(Measurement m) => string.Create(CultureInfo.InvariantCulture,
        $"| {m.Workload} | {m.Description} | {m.MedianMilliseconds:0.###} | {m.LowMilliseconds:0.###} to {m.HighMilliseconds:0.###} | {m.ItemsPerSecond:0.#} | {m.AllocatedKilobytes:0.#} | {m.PeakMegabytes:0} | {(m.GigaMultiplyAdds > 0 ? m.GigaMultiplyAdds.ToString("0.0", CultureInfo.InvariantCulture) : "")} | {(m.WaitedPercent > 0 ? m.WaitedPercent.ToString("0.0", CultureInfo.InvariantCulture) : "")} | {m.FirstIterationSeconds:0.0} |");
}
