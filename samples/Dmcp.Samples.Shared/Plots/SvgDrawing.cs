using System.Xml.Linq;

namespace Dmcp.Samples.Shared;

/// <summary>A drawing under a title and a legend, in pixels from the upper left corner, as an SVG file that any browser shows.</summary>
internal class SvgDrawing
{
    /// <summary>Blue is what a plot is about, orange what it is compared with.</summary>
    public const string Blue = "#2b6cb0", Orange = "#dd6b20", Grey = "#718096", Pale = "#e2e8f0", Ink = "#1a202c";

    /// <summary>Space at the edges.</summary>
    public const double Edge = 16;

    private const double LegendRow = 18, Swatch = 18, TitleSize = 14;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly XElement _svg = new(Svg + "svg", new XAttribute("font-family", "sans-serif"), new XAttribute("fill", Ink));

    /// <param name="title">Text above the drawing.</param>
    /// <param name="legend">What is shown how; may be empty.</param>
    /// <param name="width">Width of what is drawn, with the edges; the drawing is wider when a text above it is.</param>
    public SvgDrawing(string title, IReadOnlyList<LegendEntry> legend, double width)
    {
        Width = Math.Ceiling(legend.Select(e => Swatch + 6 + TextWidth(e.Name)).Append(TextWidth(title, TitleSize)).Append(width - 2 * Edge).Max() + 2 * Edge);
        _svg.Add(new XAttribute("width", Width));
        Text(Edge, 24, title, size: TitleSize);
        var (x, y) = (Edge, 44.0);
        foreach (var entry in legend)
        {
            var length = Swatch + 6 + TextWidth(entry.Name) + 12;
            if (x > Edge && x + length > Width)
                (x, y) = (Edge, y + LegendRow);
            if (entry.Fill is { } fill)
                Rectangle(x, y - 9, Swatch, 10, fill, entry.Stroke);
            else
                Line(x, y - 4, x + Swatch, y - 4, entry.Stroke, 2, entry.Dash);
            Text(x + Swatch + 6, y, entry.Name);
            x += length;
        }
        Top = legend.Count == 0 ? 40 : y + 14;
    }

    /// <summary>Colours of several series, in their order; they can be told apart also by the colour-blind.</summary>
    public static IReadOnlyList<string> Colours { get; } = [Blue, Orange, "#2f855a", "#b83280", "#744210", "#4a5568", "#00a3c4", "#d69e2e"];

    /// <summary>Width of the drawing.</summary>
    public double Width { get; }

    /// <summary>Where the space below the title and the legend begins.</summary>
    public double Top { get; }

    /// <summary>Width of a text, estimated from above: the mean letter is at most 0.6 times its size wide.</summary>
    public static double TextWidth(string text, double size = 11) => 0.6 * size * text.Length;

    public void Rectangle(double x, double y, double width, double height, string fill, string? stroke = null) =>
        Add("rect", ("x", Round(x)), ("y", Round(y)), ("width", Round(width)), ("height", Round(height)), ("fill", fill), ("stroke", stroke));

    public void Line(double x1, double y1, double x2, double y2, string stroke, double width = 1, string? dash = null) =>
        Add("line", ("x1", Round(x1)), ("y1", Round(y1)), ("x2", Round(x2)), ("y2", Round(y2)), ("stroke", stroke), ("stroke-width", width), ("stroke-dasharray", dash));

    public void Circle(double x, double y, double radius, string fill, string? stroke = null) =>
        Add("circle", ("cx", Round(x)), ("cy", Round(y)), ("r", radius), ("fill", fill), ("stroke", stroke));

    public void Polyline(IEnumerable<(double X, double Y)> points, string stroke) =>
        Add("polyline", ("points", string.Join(' ', points.Select(p => FormattableString.Invariant($"{Round(p.X)},{Round(p.Y)}")))),
            ("fill", "none"), ("stroke", stroke), ("stroke-width", 2));

    /// <summary>A text that starts, is centred or ends at a point (<c>start</c>, <c>middle</c>, <c>end</c>), turned about it by so many degrees.</summary>
    public void Text(double x, double y, string text, string anchor = "start", double size = 11, double turn = 0) =>
        Add("text", ("transform", FormattableString.Invariant($"translate({Round(x)},{Round(y)}) rotate({turn})")), ("font-size", size), ("text-anchor", anchor)).Value = text;

    /// <summary>Writes the file, on a white ground.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="height">Height of the drawing.</param>
    public void Save(string path, double height)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        height = Math.Ceiling(height);
        _svg.Add(new XAttribute("height", height), new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {height}")));
        _svg.AddFirst(new XElement(Svg + "rect", new XAttribute("width", Width), new XAttribute("height", height), new XAttribute("fill", "white")));
        new XDocument(_svg).Save(path);
    }

    private static double Round(double value) => Math.Round(value, 2);

    private XElement Add(string name, params (string Name, object? Value)[] attributes)
    {
        var element = new XElement(Svg + name, attributes.Where(a => a.Value is not null).Select(a => new XAttribute(a.Name, a.Value!)));
        _svg.Add(element);
        return element;
    }
}
