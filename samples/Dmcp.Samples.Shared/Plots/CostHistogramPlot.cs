using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Dmcp.Samples.Shared;

/// <summary>What drawn structures cost (the release's plot of FLOPs): a histogram with their mean and the target.</summary>
public static class CostHistogramPlot
{
    private const int Bins = 50;

    /// <summary>Writes the plot.</summary>
    /// <param name="costs">What each structure costs, such as <c>StructureStatistics.Flops</c>.</param>
    /// <param name="unit">What is counted, such as <c>FLOPs</c>.</param>
    /// <param name="target">The budget, in the same unit; null for none.</param>
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    public static void Save(IReadOnlyList<long> costs, string unit, long? target, string path)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentOutOfRangeException.ThrowIfZero(costs.Count, nameof(costs));
        var millions = costs.Select(c => c / 1e6).ToArray();
        var (low, high) = (millions.Min(), Math.Max(millions.Max(), millions.Min() + 1e-6 * Bins));
        var bins = HistogramHelpers.Collect(millions, HistogramHelpers.CreateUniformBins(low, high, Bins),
            new BinningOptions(
                BinningOutlierMode.RejectOutliers, BinningIntervalType.InclusiveLowerBound, BinningExtremeValueMode.IncludeExtremeValues));
        var model = PlotStyle.Model(
            $"{costs.Count.ToString("N0", CultureInfo.InvariantCulture)} structures drawn from the Markov process: {unit}");
        model.Axes.Add(PlotStyle.Numbers(AxisPosition.Bottom, $"million {unit}"));
        model.Axes.Add(PlotStyle.Numbers(AxisPosition.Left, "structures"));
        var counts = new RectangleBarSeries
        {
            Title = "structures",
            FillColor = PlotStyle.Blue,
            StrokeColor = OxyColors.White,
            StrokeThickness = 0.5,
        };
        foreach (var bin in bins.Where(b => b.Count > 0))
            counts.Items.Add(new RectangleBarItem(bin.RangeStart, 0, bin.RangeEnd, bin.Count));
        model.Series.Add(counts);
        var most = bins.Max(b => b.Count);
        model.Series.Add(Marker("mean", millions.Average(), most, PlotStyle.Orange));
        if (target is { } budget)
            model.Series.Add(Marker("target", budget / 1e6, most, PlotStyle.Ink));
        PlotFile.Save(model, path, 700, 400);
    }

    private static OxyPlot.Series.LineSeries Marker(string name, double at, double height, OxyColor colour) => new()
    {
        Title = string.Create(CultureInfo.InvariantCulture, $"{name} {at:#,0.00}M"),
        Color = colour,
        LineStyle = LineStyle.Dash,
        ItemsSource = (DataPoint[])[new(at, 0), new(at, height)],
    };
}
