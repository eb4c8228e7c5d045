using System.Globalization;

namespace Dmcp.Samples.Shared;

/// <summary>What drawn structures cost (the release's plot of FLOPs): a histogram with their mean and the target.</summary>
public static class CostHistogramPlot
{
    private const int Bins = 50;

    /// <summary>Writes the plot.</summary>
    /// <param name="costs">What each structure costs, such as <c>StructureStatistics.Flops</c>.</param>
    /// <param name="unit">What is counted, such as <c>FLOPs</c>.</param>
    /// <param name="target">The budget, in the same unit; null for none.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void Save(IReadOnlyList<long> costs, string unit, long? target, string path)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentOutOfRangeException.ThrowIfZero(costs.Count, nameof(costs));
        var (low, mean, step) = (costs.Min(), costs.Average(), Math.Max(1, costs.Max() - costs.Min()) / (double)Bins);
        var counts = new int[Bins];
        foreach (var cost in costs)
            counts[Math.Min(Bins - 1, (int)((cost - low) / step))]++;
        var legend = new List<LegendEntry> { new("structures", SvgDrawing.Blue, SvgDrawing.Blue), new($"mean {Millions(mean)}M", SvgDrawing.Orange, Dash: SvgChart.Dash) };
        if (target is { } shown)
            legend.Add(new($"target {Millions(shown)}M", SvgDrawing.Ink, Dash: SvgChart.Dash));
        var chart = new SvgChart($"{costs.Count.ToString("N0", CultureInfo.InvariantCulture)} structures drawn from the Markov process: {unit}", legend,
            Axis.Over($"million {unit}", ((double[])[low, low + Bins * step, target ?? low]).Select(c => c / 1e6), 8), new Axis("structures", 0, counts.Max()));
        for (var i = 0; i < Bins; i++)
            if (counts[i] > 0)
                chart.Bar(chart.X((low + i * step) / 1e6), chart.X((low + step) / 1e6) - chart.X(low / 1e6), 0, counts[i], SvgDrawing.Blue, "white");
        chart.Marker(mean / 1e6, SvgDrawing.Orange);
        if (target is { } line)
            chart.Marker(line / 1e6, SvgDrawing.Ink);
        chart.Save(path);
    }

    private static string Millions(double cost) => (cost / 1e6).ToString("#,0.00", CultureInfo.InvariantCulture);
}
