using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>Lines over a common axis.</summary>
internal static class CurvePlot
{
    private const double Height = 260;
    // More points than these are marked by the line alone.
    private const int MarkedPoints = 40;

    private static readonly MarkerType[] Markers = [MarkerType.Circle, MarkerType.Square, MarkerType.Triangle];
    private static readonly LineStyle[] Lines = [LineStyle.Solid, LineStyle.Dash, LineStyle.Dot];

    /// <param name="id">Of the element.</param>
    /// <param name="axis">The axis to the right.</param>
    /// <param name="description">What it shows, for those who do not see it.</param>
    /// <param name="curves">The lines, at most three, which differ in more than colour.</param>
    public static XElement Draw(string id, LinearAxis axis, string description, IReadOnlyList<Curve> curves)
    {
        var model = Plot.Begin();
        axis.MinimumPadding = axis.MaximumPadding = 0.04;
        model.Axes.Add(axis);
        model.Axes.Add(Plot.Numbers(AxisPosition.Left));
        foreach (var (i, curve) in curves.Index())
            model.Series.Add(new LineSeries
            {
                Title = curve.Name,
                Color = model.DefaultColors[i],
                LineStyle = Lines[i],
                StrokeThickness = 2,
                MarkerType = curve.Points.Count <= MarkedPoints ? Markers[i] : MarkerType.None,
                MarkerSize = 3,
                MarkerFill = model.DefaultColors[i],
                ItemsSource = curve.Points.Select(p => new DataPoint(p.X, p.Y)).ToArray(),
            });
        return Plot.Draw(model, id, Height, description);
    }
}
