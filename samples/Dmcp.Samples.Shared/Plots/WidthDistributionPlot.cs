using System.Globalization;
using Microsoft.ML.Dmcp;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Dmcp.Samples.Shared;

/// <summary>
/// How probable each width of every channel group is, a panel a group (the release's plot of layer widths), with the shares of the drawn
/// structures and of those in the budget.
/// </summary>
public static class WidthDistributionPlot
{
    private const int Columns = 5;
    private const double PanelWidth = 230, PanelHeight = 170, Header = 50;

    /// <summary>Writes the plot.</summary>
    /// <param name="statistics">The statistics of a search.</param>
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    public static void Save(StructureStatistics statistics, string path)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var columns = Math.Min(Columns, statistics.Groups.Count);
        var rows = (statistics.Groups.Count + columns - 1) / columns;
        var (width, height) = (Math.Max(640, columns * PanelWidth), Header + rows * PanelHeight);
        var header = PlotStyle.Model("Probability of the widths of every channel group");
        header.Subtitle = string.Create(CultureInfo.InvariantCulture, $"bars: exact; black: share of {statistics.Draws} drawn structures; ")
            + string.Create(CultureInfo.InvariantCulture, $"orange: share of the {statistics.InBudgetDraws} of them in the budget");
        header.SubtitleFontSize = 11;
        header.PlotAreaBorderThickness = new OxyThickness(0);
        PlotFile.Save(
            [
                (header, new OxyRect(0, 0, width, Header)),
                .. statistics.Groups.Select((group, i) => (
                    Panel(group, statistics),
                    new OxyRect(i % columns * PanelWidth, Header + i / columns * PanelHeight, PanelWidth, PanelHeight))),
            ], path, width, height);
    }

    private static PlotModel Panel(GroupStatistics group, StructureStatistics statistics)
    {
        var model = PlotStyle.Model(group.Name);
        (model.TitleFontSize, model.DefaultFontSize) = (11, 9);
        model.Subtitle = FormattableString.Invariant($"expected {group.ExpectedWidth:0.0} of {group.Channels}");
        model.SubtitleFontSize = 10;
        // Every panel has its own scale: the widths of a group that has not settled are all improbable.
        var probability = PlotStyle.Numbers(AxisPosition.Left, "");
        probability.AbsoluteMinimum = 0;
        var widths = PlotStyle.Numbers(AxisPosition.Bottom, "");
        widths.MinimumPadding = 0.1;
        widths.MaximumPadding = 0.1;
        widths.MajorGridlineStyle = LineStyle.None;
        model.Axes.Add(probability);
        model.Axes.Add(widths);
        model.Series.Add(new LinearBarSeries
        {
            FillColor = PlotStyle.Blue,
            BarWidth = 0.6 * (PanelWidth - 50) / group.Widths.Count,
            ItemsSource = Points(group.Widths, k => group.Probabilities[k]),
        });
        model.Series.Add(Shares(group.Widths, group.SampledCounts, statistics.Draws, PlotStyle.Ink));
        if (statistics.InBudgetDraws > 0)
            model.Series.Add(Shares(group.Widths, group.InBudgetCounts, statistics.InBudgetDraws, PlotStyle.Orange));
        return model;
    }

    private static OxyPlot.Series.LineSeries Shares(IReadOnlyList<int> widths, IReadOnlyList<int> counts, int all, OxyColor colour) => new()
    {
        LineStyle = LineStyle.None,
        MarkerType = MarkerType.Circle,
        MarkerSize = 2,
        MarkerFill = colour,
        ItemsSource = Points(widths, k => all == 0 ? 0 : (double)counts[k] / all),
    };

    private static DataPoint[] Points(IReadOnlyList<int> widths, Func<int, double> value) =>
        widths.Select((w, k) => new DataPoint(w, value(k))).ToArray();
}
