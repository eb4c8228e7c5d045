using System.Globalization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>How much wider or narrower one config is than another, layer by layer (Fig. 5 of the paper).</summary>
public static class WidthDifferencePlot
{
    /// <summary>Writes the plot.</summary>
    /// <param name="title">Text above the plot, such as which config is compared with which.</param>
    /// <param name="differences">What <see cref="ChannelConfig.DifferenceFrom"/> gave.</param>
    /// <param name="network">The network in whose order the layers are shown; null for the order of the differences.</param>
    /// <param name="path">The file, .svg or .png; replaced if it exists.</param>
    public static void Save(string title, IReadOnlyList<WidthDifference> differences, NetworkDescription? network, string path)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(differences);
        ArgumentOutOfRangeException.ThrowIfZero(differences.Count, nameof(differences));
        var order = network?.Layers.Select((layer, i) => (layer.Name, i)).ToDictionary(l => l.Name, l => l.i);
        var shown = order is null ? differences : differences.OrderBy(d => order.GetValueOrDefault(d.Layer, order.Count)).ToArray();
        var bars = new NamedBars(title, "difference in channels", shown.Select(d => d.Layer).ToArray());
        bars.Add("wider", PlotStyle.Blue, shown.Select(d => Math.Max(0.0, d.Difference)), stacked: true);
        bars.Add("narrower", PlotStyle.Orange, shown.Select(d => Math.Min(0.0, d.Difference)), stacked: true);
        for (var i = 0; i < shown.Count; i++)
            bars.Write(i, Math.Max(0, shown[i].Difference), shown[i].Difference.ToString("+0;-0;0", CultureInfo.InvariantCulture));
        bars.Save(path);
    }
}
