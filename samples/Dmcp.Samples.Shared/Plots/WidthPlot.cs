using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML.Dmcp.Channels;

namespace Dmcp.Samples.Shared;

/// <summary>A bar chart of a channel config: every group's width before (outline) and after (filled), as an SVG file that any browser shows.</summary>
public static class WidthPlot
{
    private const int BarWidth = 26, Gap = 14, PlotHeight = 220, Left = 50, Top = 50, Bottom = 110, Right = 60;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Writes the chart.</summary>
    /// <param name="config">The widths.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void Save(ChannelConfig config, string path)
    {
        ArgumentNullException.ThrowIfNull(config);
        var most = config.Groups.Max(g => g.Channels);
        var width = Left + config.Groups.Count * (BarWidth + Gap) + Gap + Right;
        var height = Top + PlotHeight + Bottom;
        var svg = new XElement(Svg + "svg", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("viewBox", $"0 0 {width} {height}"),
            new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 11),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", "white")),
            Text(Left, 22, $"{config.Network}: {Millions(config.Flops)} of {Millions(config.UnprunedFlops)} MFLOPs, {Millions(config.Parameters)} of {Millions(config.UnprunedParameters)} M parameters", 13),
            Text(Left, 38, "channels of every group: outline before, filled after", 11));
        for (var i = 0; i < config.Groups.Count; i++)
        {
            var group = config.Groups[i];
            var x = Left + Gap + i * (BarWidth + Gap);
            svg.Add(Bar(x, group.Channels, most, "none", "#888"), Bar(x, group.Width, most, "#2b6cb0", "#2b6cb0"),
                Text(x, Top + PlotHeight - Scaled(group.Channels, most) - 4, $"{group.Width}/{group.Channels}", 9),
                Label(x + BarWidth / 2, Top + PlotHeight + 12, group.Name));
        }
        svg.Add(new XElement(Svg + "line", new XAttribute("x1", Left), new XAttribute("x2", width - Right), new XAttribute("y1", Top + PlotHeight), new XAttribute("y2", Top + PlotHeight), new XAttribute("stroke", "black")));
        new XDocument(svg).Save(path);
    }

    private static XElement Bar(int x, int channels, int most, string fill, string stroke)
    {
        var height = Scaled(channels, most);
        return new XElement(Svg + "rect", new XAttribute("x", x), new XAttribute("y", Top + PlotHeight - height), new XAttribute("width", BarWidth), new XAttribute("height", height),
            new XAttribute("fill", fill), new XAttribute("stroke", stroke));
    }

    private static XElement Text(int x, int y, string text, int size) =>
        new(Svg + "text", new XAttribute("x", x), new XAttribute("y", y), new XAttribute("font-size", size), text);

    private static XElement Label(int x, int y, string text) =>
        new(Svg + "text", new XAttribute("transform", $"translate({x},{y}) rotate(60)"), text);

    private static int Scaled(int channels, int most) => Math.Max(1, PlotHeight * channels / most);

    private static string Millions(long value) => (value / 1e6).ToString("0.00", CultureInfo.InvariantCulture);
}
