using OxyPlot;

namespace Microsoft.ML.Dmcp.Reports.Plots;

/// <summary>Colours of plots, each drawn as a variable of the page's style, so that it suits a light and a dark page.</summary>
internal static class PlotColors
{
    /// <summary>Blue is what a plot is about, orange what stands beside it, green a third line.</summary>
    public static readonly OxyColor Blue = OxyColor.FromRgb(43, 108, 176), Orange = OxyColor.FromRgb(192, 86, 33),
        Green = OxyColor.FromRgb(39, 103, 73);

    /// <summary>What stands behind, and what is written.</summary>
    public static readonly OxyColor Pale = OxyColor.FromRgb(203, 213, 224), Ink = OxyColor.FromRgb(26, 32, 44);

    /// <summary>Colours as OxyPlot writes them, and the variables of page.css that take their place.</summary>
    public static IReadOnlyList<(string Written, string Variable)> Variables { get; } =
    [
        (Written(Blue), "var(--blue)"), (Written(Orange), "var(--orange)"), (Written(Green), "var(--green)"),
        (Written(Pale), "var(--pale)"), (Written(Ink), "var(--ink)"), ("black", "var(--ink)"),
    ];

    private static string Written(OxyColor color) => FormattableString.Invariant($"rgb({color.R},{color.G},{color.B})");
}
