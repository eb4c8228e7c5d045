namespace Dmcp.Samples.Shared;

/// <summary>Bars of the channels of every group: kept below, pruned above.</summary>
internal static class WidthBars
{
    private const double Band = 26, BarShare = 0.7, ValueSize = 9;

    /// <param name="title">Text above the chart.</param>
    /// <param name="kept">What the lower part of a bar is.</param>
    /// <param name="groups">Name, kept width, that width as text, and channels of every group.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void Save(string title, string kept, IReadOnlyList<(string Name, double Width, string Text, int Channels)> groups, string path)
    {
        // The values stand upright on the bars, so that they never touch: room for the longest of them above the widest group.
        const double height = 240;
        var room = groups.Max(g => SvgDrawing.TextWidth(g.Text, ValueSize)) + 8;
        var most = groups.Max(g => g.Channels);
        var chart = new SvgChart(title, [new(kept, SvgDrawing.Blue, SvgDrawing.Blue), new("unpruned", SvgDrawing.Grey, SvgDrawing.Pale)],
            new BandAxis(groups.Select(g => g.Name).ToArray(), Band), new Axis("channels", 0, most * height / (height - room)), height);
        for (var i = 0; i < groups.Count; i++)
        {
            var (x, width) = (chart.Left + (i + (1 - BarShare) / 2) * Band, BarShare * Band);
            chart.Bar(x, width, 0, groups[i].Channels, SvgDrawing.Pale, SvgDrawing.Grey);
            chart.Bar(x, width, 0, groups[i].Width, SvgDrawing.Blue);
            chart.Text(chart.Left + (i + 0.5) * Band + 3, chart.Y(groups[i].Channels) - 4, groups[i].Text, size: ValueSize, turn: -90);
        }
        chart.Save(path);
    }
}
