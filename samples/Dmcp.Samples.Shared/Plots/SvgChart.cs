namespace Dmcp.Samples.Shared;

/// <summary>A drawing with one pair of axes: numbers upwards, and numbers or names to the right.</summary>
internal sealed class SvgChart : SvgDrawing
{
    private const double NumbersHeight = 44;
    private readonly Axis _y;
    private readonly Axis? _x;
    private readonly double _bottom, _footer;

    /// <summary>A chart of numbers over numbers.</summary>
    public SvgChart(string title, IReadOnlyList<LegendEntry> legend, Axis x, Axis y, double width = 640, double height = 320)
        : base(title, legend, LeftOf(y, 0) + width + 2 * Edge)
    {
        (_x, _y, Left, Right, _bottom, _footer) = (x, y, LeftOf(y, 0), LeftOf(y, 0) + width, Top + 10 + height, NumbersHeight);
        DrawVertical();
        foreach (var tick in x.Ticks)
        {
            Line(X(tick), _bottom, X(tick), _bottom + 4, Ink);
            Text(X(tick), _bottom + 16, x.Label(tick), "middle");
        }
        Text((Left + Right) / 2, _bottom + 36, x.Title, "middle", 12);
    }

    /// <summary>A chart of numbers over names.</summary>
    public SvgChart(string title, IReadOnlyList<LegendEntry> legend, BandAxis x, Axis y, double height = 240)
        : base(title, legend, LeftOf(y, x.Overhang) + x.Length + 2 * Edge)
    {
        (_y, Left, _bottom, _footer) = (y, LeftOf(y, x.Overhang), Top + 10 + height, x.Height);
        Right = Left + x.Length;
        DrawVertical();
        x.Draw(this, Left, _bottom);
    }

    /// <summary>Left end of the horizontal axis.</summary>
    public double Left { get; }

    /// <summary>Right end of the horizontal axis.</summary>
    public double Right { get; }

    /// <summary>Where a value lies on the horizontal axis.</summary>
    public double X(double value) => Left + (Right - Left) * _x!.At(value);

    /// <summary>Where a value lies on the vertical axis.</summary>
    public double Y(double value) => _bottom - (_bottom - Top - 10) * _y.At(value);

    /// <summary>A bar from one value to another.</summary>
    public void Bar(double x, double width, double from, double to, string fill, string? stroke = null) =>
        Rectangle(x, Y(Math.Max(from, to)), width, Y(Math.Min(from, to)) - Y(Math.Max(from, to)), fill, stroke);

    /// <summary>A line across the chart at a value of the vertical axis.</summary>
    public void Level(double value) => Line(Left, Y(value), Right, Y(value), Ink);

    /// <summary>A dashed line up the chart at a value of the horizontal axis.</summary>
    public void Marker(double value, string stroke) => Line(X(value), Top + 10, X(value), _bottom, stroke, 2, Dash);

    /// <summary>Dashes and gaps of <see cref="Marker"/>.</summary>
    public const string Dash = "6 4";

    /// <inheritdoc cref="SvgDrawing.Save(string, double)"/>
    public void Save(string path) => Save(path, _bottom + _footer + Edge);

    private static double LeftOf(Axis y, double overhang) => Math.Max(Edge + 22 + y.Ticks.Max(t => TextWidth(y.Label(t))), Edge + overhang);

    private void DrawVertical()
    {
        foreach (var tick in _y.Ticks)
        {
            Line(Left, Y(tick), Right, Y(tick), Pale);
            Text(Left - 6, Y(tick) + 4, _y.Label(tick), "end");
        }
        Line(Left, _bottom, Right, _bottom, Ink);
        Text(Edge + 8, (Top + 10 + _bottom) / 2, _y.Title, "middle", 12, -90);
    }
}
