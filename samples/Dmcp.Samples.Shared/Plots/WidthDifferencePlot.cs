using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>How much wider or narrower one config is than another, layer by layer (Fig. 5 of the paper).</summary>
public static class WidthDifferencePlot
{
    private const double Band = 20, BarShare = 0.7;

    /// <summary>Writes the plot.</summary>
    /// <param name="title">Text above the plot, such as which config is compared with which.</param>
    /// <param name="differences">What <see cref="ChannelConfig.DifferenceFrom"/> gave.</param>
    /// <param name="network">The network in whose order the layers are shown; null for the order of the differences.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void Save(string title, IReadOnlyList<WidthDifference> differences, NetworkDescription? network, string path)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(differences);
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count, nameof(differences));
        var order = network?.Layers.Select((layer, i) => (layer.Name, i)).ToDictionary(l => l.Name, l => l.i);
        var shown = order is null ? differences : differences.OrderBy(d => order.GetValueOrDefault(d.Layer, order.Count)).ToArray();
        var chart = new SvgChart(title, [new("wider", SvgDrawing.Blue, SvgDrawing.Blue), new("narrower", SvgDrawing.Orange, SvgDrawing.Orange)],
            new BandAxis(shown.Select(d => d.Layer).ToArray(), Band), Axis.Over("difference in channels", shown.Select(d => (double)d.Difference).Append(0)), 280);
        for (var i = 0; i < shown.Count; i++)
            chart.Bar(chart.Left + (i + (1 - BarShare) / 2) * Band, BarShare * Band, 0, shown[i].Difference, shown[i].Difference > 0 ? SvgDrawing.Blue : SvgDrawing.Orange);
        chart.Level(0);
        chart.Save(path);
    }
}
