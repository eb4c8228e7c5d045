using System.Globalization;
using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>A plot of OxyPlot as an SVG element of a page.</summary>
internal static class Plot
{
    /// <summary>Width of all plots in units of their texts; a page may show them wider or narrower.</summary>
    public const double Width = 480;

    private const double FontSize = 12;

    /// <summary>A plot without axes; its legend stands above it.</summary>
    public static PlotModel Begin()
    {
        var model = new PlotModel
        {
            DefaultFont = "Helvetica, Arial, sans-serif",
            DefaultFontSize = FontSize,
            TextColor = PlotColors.Ink,
            PlotAreaBorderColor = PlotColors.Pale,
            Culture = CultureInfo.InvariantCulture,
            DefaultColors = [PlotColors.Blue, PlotColors.Orange, PlotColors.Green],
        };
        model.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.TopLeft,
            LegendPlacement = LegendPlacement.Outside,
            LegendOrientation = LegendOrientation.Horizontal,
        });
        return model;
    }

    /// <summary>An axis of numbers with a pale grid.</summary>
    /// <param name="position">Where it stands.</param>
    /// <param name="title">What it measures; null where the figure's caption says it.</param>
    public static LinearAxis Numbers(AxisPosition position, string? title = null) => new()
    {
        Position = position,
        Title = title,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = PlotColors.Pale,
        MinorTickSize = 0,
        TicklineColor = PlotColors.Pale,
        StringFormat = "#,0.######",
        MinimumPadding = 0.02,
        MaximumPadding = 0.02,
    };

    /// <summary>Draws the plot.</summary>
    /// <param name="model">The plot.</param>
    /// <param name="id">Of the element.</param>
    /// <param name="height">In units of <see cref="Width"/>.</param>
    /// <param name="description">What it shows, for those who do not see it.</param>
    public static XElement Draw(PlotModel model, string id, double height, string description)
    {
        var exporter = new SvgExporter { Width = Width, Height = height, IsDocument = false };
        exporter.TextMeasurer = new TextMeasurer(Width, height);
        var text = exporter.ExportToString(model);
        // The library would write what went wrong into the picture.
        if (model.GetLastPlotException() is { } failure)
            throw new InvalidOperationException($"The plot '{id}' could not be drawn: {failure.Message}", failure);
        var svg = XElement.Parse(text);
        // All lies in the frame, but for letters of a wide font; each plot would number its clip paths from 1.
        svg.Descendants().Attributes("clip-path").Remove();
        svg.Descendants().Where(e => e.Name.LocalName == "defs").Remove();
        foreach (var attribute in svg.Descendants().Attributes().Where(a => a.Name.LocalName is "style" or "fill" or "stroke"))
            foreach (var (written, variable) in PlotColors.Variables)
                attribute.Value = attribute.Value.Replace(written, variable, StringComparison.Ordinal);
        svg.SetAttributeValue("id", id);
        svg.SetAttributeValue("width", null);
        svg.SetAttributeValue("height", null);
        svg.SetAttributeValue("viewBox", FormattableString.Invariant($"0 0 {Width} {height}"));
        svg.SetAttributeValue("role", "img");
        svg.SetAttributeValue("aria-label", description);
        return svg;
    }
}
