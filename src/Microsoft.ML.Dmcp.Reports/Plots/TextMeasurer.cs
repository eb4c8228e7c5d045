using OxyPlot;

namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>
/// Sizes of texts in Helvetica, a little wider: the fonts that browsers take for it are not all as narrow.
/// </summary>
internal sealed class TextMeasurer(double width, double height) : PdfRenderContext(width, height, OxyColors.Undefined)
{
    private const double Widest = 1.25;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        var size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
        return new OxySize(Widest * size.Width, size.Height);
    }
}
