using OxyPlot;
using OxyPlot.Axes;

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
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    /// <exception cref="ArgumentException">There is no point, or one is not finite.</exception>
    public static void Save(string title, string xLabel, string yLabel, IReadOnlyList<LineSeries> series, string path)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(series);
        PlotStyle.CheckFinite(xLabel, series.SelectMany(s => s.Points).Select(p => p.X));
        PlotStyle.CheckFinite(yLabel, series.SelectMany(s => s.Points).Select(p => p.Y));
        var model = PlotStyle.Model(title);
        model.Axes.Add(PlotStyle.Numbers(AxisPosition.Bottom, xLabel));
        model.Axes.Add(PlotStyle.Numbers(AxisPosition.Left, yLabel));
        foreach (var line in series)
            model.Series.Add(new OxyPlot.Series.LineSeries
            {
                Title = line.Name,
                MarkerType = line.Points.Count <= MarkedPoints ? MarkerType.Circle : MarkerType.None,
                ItemsSource = line.Points.Select(p => new DataPoint(p.X, p.Y)).ToArray(),
            });
        PlotFile.Save(model, path, 700, 420);
    }
}
