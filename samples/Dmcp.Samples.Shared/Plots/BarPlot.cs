using System.Globalization;

namespace Dmcp.Samples.Shared;

/// <summary>Bars with error bars, such as the accuracies of an ablation over several seeds.</summary>
public static class BarPlot
{
    private const double Band = 56, BarShare = 0.64, Cap = 5;

    /// <summary>Writes the plot.</summary>
    /// <param name="title">Text above the plot; say there what the error bars are.</param>
    /// <param name="yLabel">What is measured, with its unit.</param>
    /// <param name="bars">The bars, from the left.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="baseline">Where the bars begin: 0, or near the values when their differences are small.</param>
    /// <exception cref="ArgumentException">There is no bar, or a value is not finite.</exception>
    public static void Save(string title, string yLabel, IReadOnlyList<Bar> bars, string path, double baseline = 0)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(bars);
        var axis = Axis.Over(yLabel, bars.SelectMany(b => (double[])[b.Low, b.Mean, b.High]).Append(baseline));
        var chart = new SvgChart(title, [], new BandAxis(bars.Select(b => b.Label).ToArray(), Band), axis);
        var format = bars.Max(b => Math.Abs(b.Mean)) < 10 ? "0.000" : "#,0.0";
        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, centre) = (bars[i], chart.Left + (i + 0.5) * Band);
            chart.Bar(centre - BarShare * Band / 2, BarShare * Band, baseline, bar.Mean, SvgDrawing.Blue);
            if (bar.High > bar.Low)
            {
                chart.Line(centre, chart.Y(bar.Low), centre, chart.Y(bar.High), SvgDrawing.Ink, 1.5);
                foreach (var end in (double[])[bar.Low, bar.High])
                    chart.Line(centre - Cap, chart.Y(end), centre + Cap, chart.Y(end), SvgDrawing.Ink, 1.5);
            }
            chart.Text(centre, chart.Y(Math.Max(bar.High, baseline)) - 5, bar.Mean.ToString(format, CultureInfo.InvariantCulture), "middle", 10);
        }
        chart.Level(baseline);
        chart.Save(path);
    }
}
