using System.Xml.Linq;
using Microsoft.ML.Dmcp.Reports.Page;

namespace Microsoft.ML.Dmcp.Reports.Sections;

/// <summary>Times of the network before and after, predicted by tables and measured.</summary>
internal static class LatencySection
{
    /// <exception cref="ArgumentException">The table lacks a layer of the network, or nobody knows the unpruned network.</exception>
    public static IReadOnlyList<XElement> Of(PrunedRun run, PruningReportOptions options)
    {
        var tables = run.Search?.Budget?.Limits.Select(limit => limit.Table).Append(options.LatencyTable) ?? [options.LatencyTable];
        object[][] rows =
        [
            .. tables.OfType<LatencyTable>().DistinctBy(table => table.Id).Select(table => Predicted(run, table)),
            .. options.MeasuredLatency is { } measured
                ? [Row($"measured: {measured.Conditions}", measured.UnprunedMilliseconds, measured.Milliseconds)] : (object[][])[],
        ];
        return rows.Length == 0 ? [] :
        [
            Html.Section("latency", "Latency",
                Html.Table("Time of one run of the network", ["how", "unpruned", "pruned", "ratio"], rows)),
        ];
    }

    private static object[] Predicted(PrunedRun run, LatencyTable table)
    {
        var network = run.Description ?? throw new ArgumentException(
            $"A latency table needs the unpruned network '{run.Config.Network}', which the zoo does not have: " +
            "set PruningReportOptions.Search to the search, or leave LatencyTable out.", nameof(PruningReportOptions.LatencyTable));
        return Row(
            FormattableString.Invariant($"predicted: table {table.Id}, {table.Engine}, batch {table.BatchSize}, ") +
                $"{Numbers.Count(table.NumberOfThreads, "thread", "threads")}, {table.Machine}",
            table.MillisecondsOf(network, network.FullWidths), table.MillisecondsOf(network, run.Widths));
    }

    private static object[] Row(string how, double? before, double after) =>
    [
        how, before is { } b ? Numbers.Milliseconds(b) : "–", Numbers.Milliseconds(after),
        before is { } whole ? Numbers.Percent(after / whole) : "–",
    ];
}
