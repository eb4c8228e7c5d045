using Microsoft.ML.Dmcp.Budgets.Latencies;

namespace Microsoft.ML.Dmcp.Tests.Budgets;

/// <summary>Latency tables whose times are known: nothing is measured.</summary>
internal static class HandMadeTable
{
    /// <summary>
    /// Every layer of a network takes as many microseconds as <paramref name="time"/> says of its channels, at points that include the full
    /// widths, and the network 10 more.
    /// </summary>
    public static LatencyTable Of(NetworkDescription network, Func<int, int, double> time, params int[] points)
    {
        int[] Grid(IEnumerable<int> full) => [.. points.Concat(full).Where(p => p <= full.Max()).Distinct().Order()];
        var layers = TimedUnit.Of(network).GroupBy(u => u.Name).Select(units =>
        {
            var outputs = Grid(units.Select(u => u.Output.Channels));
            var inputs = units.First().IsDense ? Grid(units.Select(u => u.Input.Channels)) : [];
            double[] Row(int i) => outputs.Select(o => time(i, o)).ToArray();
            double[][] times = inputs.Length > 0 ? [.. inputs.Select(Row)] : [outputs.Select(o => time(o, o)).ToArray()];
            return new LayerTimes(units.Key, inputs, outputs, times);
        });
        var most = NetworkCost.Parameters(network).Count(network.FullWidths);
        return new LatencyTable(new LatencyDocument(
            LatencyTable.FormatName, LatencyTable.FormatVersion, network.Name, network.Input.Channels, network.Input.Height,
            network.Input.Width, "by hand", "paper", 1, 1, layers.ToArray(), new NetworkOverhead([0, most / 2, most], [10, 10, 12])));
    }
}
