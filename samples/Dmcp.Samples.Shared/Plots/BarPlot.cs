using System.Globalization;
using OxyPlot;

namespace Dmcp.Samples.Shared;

/// <summary>Bars with error bars, such as the accuracies of an ablation over several seeds.</summary>
public static class BarPlot
{
    /// <summary>Writes the plot.</summary>
    /// <param name="title">Text above the plot; say there what the error bars are.</param>
    /// <param name="label">What is measured, with its unit.</param>
    /// <param name="bars">The bars, from the top.</param>
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    /// <param name="baseline">Where the bars begin: 0, or near the values when their differences are small.</param>
    /// <exception cref="ArgumentException">There is no bar, or a value is not finite.</exception>
    public static void Save(string title, string label, IReadOnlyList<Bar> bars, string path, double baseline = 0)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(bars);
        PlotStyle.CheckFinite(label, bars.SelectMany(b => (double[])[b.Low, b.Mean, b.High]));
        var plot = new NamedBars(title, label, bars.Select(b => b.Label).ToArray());
        if (bars.Min(b => b.Low) >= baseline)
        {
            plot.Numbers.Minimum = baseline;
            plot.Numbers.Maximum = baseline + 1.2 * (bars.Max(b => b.High) - baseline);
        }
        plot.Add(null, PlotStyle.Blue, bars.Select(b => b.Mean), from: baseline);
        var format = bars.Max(b => Math.Abs(b.Mean)) < 10 ? "0.000" : "#,0.0";
        for (var i = 0; i < bars.Count; i++)
        {
            if (bars[i].High > bars[i].Low)
                plot.Model.Series.Add(new OxyPlot.Series.LineSeries
                {
                    Color = PlotStyle.Ink,
                    MarkerType = MarkerType.Circle,
                    MarkerSize = 2.5,
                    ItemsSource = (DataPoint[])[new(bars[i].Low, i), new(bars[i].High, i)],
                });
            plot.Write(i, Math.Max(bars[i].High, baseline), bars[i].Mean.ToString(format, CultureInfo.InvariantCulture));
        }
        plot.Save(path);
    }
}
