using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Dmcp.Samples.Shared;

/// <summary>Bars to the right with their names at the left, the first on top.</summary>
/// <param name="title">Text above the bars.</param>
/// <param name="measured">What is measured, with its unit.</param>
/// <param name="names">A name for each bar.</param>
internal sealed class NamedBars(string title, string measured, IReadOnlyList<string> names)
{
    private const double Row = 18, Frame = 110, Width = 640;

    /// <summary>The plot without its bars.</summary>
    public PlotModel Model { get; } = Begin(title, measured, names);

    /// <summary>The axis of what is measured.</summary>
    public Axis Numbers => Model.Axes[1];

    /// <summary>A row of bars, one a name, from where those before it end when <paramref name="stacked"/>.</summary>
    public void Add(string? legend, OxyColor colour, IEnumerable<double> values, bool stacked = false, double from = 0) =>
        Model.Series.Add(new BarSeries
        {
            Title = legend,
            FillColor = colour,
            IsStacked = stacked,
            OverlapsStack = !stacked,
            BaseValue = from,
            ItemsSource = values.Select(v => new BarItem(v)).ToArray(),
        });

    /// <summary>A text to the right of a value.</summary>
    public void Write(int row, double value, string text) => Model.Annotations.Add(new TextAnnotation
    {
        Text = text,
        TextPosition = new DataPoint(value, row),
        TextHorizontalAlignment = HorizontalAlignment.Left,
        TextVerticalAlignment = VerticalAlignment.Middle,
        Offset = new ScreenVector(5, 0),
        StrokeThickness = 0,
        FontSize = 10,
    });

    /// <summary>Writes the file.</summary>
    public void Save(string path) => PlotFile.Save(Model, path, Width, Frame + Row * names.Count);

    private static PlotModel Begin(string title, string measured, IReadOnlyList<string> names)
    {
        var model = PlotStyle.Model(title);
        // The library measures names in Helvetica; the font that shows them may be wider: 0.6 of its size for a letter.
        var longest = 0.6 * model.DefaultFontSize * names.Max(n => n.Length);
        model.PlotMargins = new OxyThickness(12 + longest, double.NaN, double.NaN, double.NaN);
        var rows = new CategoryAxis
        {
            Position = AxisPosition.Left,
            StartPosition = 1,
            EndPosition = 0,
            GapWidth = 0.4,
            TickStyle = TickStyle.None,
        };
        rows.Labels.AddRange(names);
        model.Axes.Add(rows);
        var numbers = PlotStyle.Numbers(AxisPosition.Bottom, measured);
        // Room for the text behind the longest bar.
        numbers.MaximumPadding = 0.2;
        model.Axes.Add(numbers);
        return model;
    }
}
