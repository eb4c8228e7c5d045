using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>Bars of the channels of every group: kept first, then pruned.</summary>
internal static class WidthBars
{
    private const double Row = 20, Frame = 80, Letter = 6.5;
    private const int LongestName = 22;

    public static XElement Draw(ChannelConfig config)
    {
        var model = Plot.Begin();
        var names = config.Groups.Select(g => Shortened(g.Name)).ToArray();
        model.PlotMargins = new OxyThickness(12 + Letter * names.Max(n => n.Length), double.NaN, double.NaN, double.NaN);
        var rows = new CategoryAxis
        {
            Position = AxisPosition.Left,
            StartPosition = 1,
            EndPosition = 0,
            GapWidth = 0.4,
            TickStyle = TickStyle.None,
        };
        rows.Labels.AddRange(names);
        model.Axes.Add(rows);
        var channels = Plot.Numbers(AxisPosition.Bottom, "channels");
        channels.AbsoluteMinimum = 0;
        // Room for the text behind the longest bar.
        channels.MaximumPadding = 0.25;
        model.Axes.Add(channels);
        Add("kept", PlotColors.Blue, config.Groups.Select(g => g.Width));
        Add("pruned away", PlotColors.Pale, config.Groups.Select(g => g.Channels - g.Width));
        for (var i = 0; i < config.Groups.Count; i++)
            model.Annotations.Add(new TextAnnotation
            {
                Text = FormattableString.Invariant($"{config.Groups[i].Width}/{config.Groups[i].Channels}"),
                TextPosition = new DataPoint(config.Groups[i].Channels, i),
                TextHorizontalAlignment = HorizontalAlignment.Left,
                TextVerticalAlignment = VerticalAlignment.Middle,
                Offset = new ScreenVector(5, 0),
                StrokeThickness = 0,
                FontSize = 11,
            });
        return Plot.Draw(model, "plot-widths", Frame + Row * config.Groups.Count,
            FormattableString.Invariant($"Bars of the channels kept in {config.Groups.Count} groups; the table below has the numbers."));

        void Add(string legend, OxyColor color, IEnumerable<int> values) => model.Series.Add(new BarSeries
        {
            Title = legend,
            FillColor = color,
            IsStacked = true,
            ItemsSource = values.Select(v => new BarItem(v)).ToArray(),
        });
    }

    // The end of a layer's name distinguishes it from its neighbours.
    private static string Shortened(string name) => name.Length <= LongestName ? name : $"…{name[^(LongestName - 1)..]}";
}
