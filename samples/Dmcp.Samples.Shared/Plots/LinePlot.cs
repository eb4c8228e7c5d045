namespace Dmcp.Samples.Shared;

/// <summary>Lines over a common axis, such as FLOPs or accuracy against iterations (Fig. 4 of the paper).</summary>
public static class LinePlot
{
    // More points than these are marked by the line alone.
    private const int MarkedPoints = 30;

    /// <summary>Writes the plot.</summary>
    /// <param name="title">Text above the plot.</param>
    /// <param name="xLabel">What is measured to the right, with its unit.</param>
    /// <param name="yLabel">What is measured upwards, with its unit.</param>
    /// <param name="series">The lines.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="ArgumentException">There is no point, or one is not finite.</exception>
    public static void Save(string title, string xLabel, string yLabel, IReadOnlyList<LineSeries> series, string path)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(series);
        static string ColourOf(int i) => SvgDrawing.Colours[i % SvgDrawing.Colours.Count];
        var chart = new SvgChart(title, series.Select((s, i) => new LegendEntry(s.Name, ColourOf(i))).ToArray(),
            Axis.Over(xLabel, series.SelectMany(s => s.Points).Select(p => p.X), 8), Axis.Over(yLabel, series.SelectMany(s => s.Points).Select(p => p.Y)));
        for (var i = 0; i < series.Count; i++)
        {
            var points = series[i].Points.Select(p => (X: chart.X(p.X), Y: chart.Y(p.Y))).ToArray();
            chart.Polyline(points, ColourOf(i));
            foreach (var (x, y) in points.Length <= MarkedPoints ? points : [])
                chart.Circle(x, y, 3, ColourOf(i));
        }
        chart.Save(path);
    }
}
