using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace Dmcp.Samples.Shared;

/// <summary>What all plots have in common: colours, sizes of text, axes.</summary>
internal static class PlotStyle
{
    /// <summary>Blue is what a plot is about, orange what it is compared with.</summary>
    public static readonly OxyColor Blue = OxyColor.Parse("#2b6cb0"), Orange = OxyColor.Parse("#dd6b20");

    /// <summary>What stands behind, and what is written.</summary>
    public static readonly OxyColor Pale = OxyColor.Parse("#e2e8f0"), Ink = OxyColor.Parse("#1a202c");

    private static readonly OxyColor[] Others =
        ((string[])["#2f855a", "#b83280", "#744210", "#4a5568", "#00a3c4", "#d69e2e"]).Select(OxyColor.Parse).ToArray();

    /// <summary>A plot without axes; its legend stands above it.</summary>
    public static PlotModel Model(string title)
    {
        var model = new PlotModel
        {
            Title = title,
            TitleFontSize = 14,
            TitleFontWeight = FontWeights.Normal,
            TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinView,
            DefaultFontSize = 11,
            TextColor = Ink,
            PlotAreaBorderColor = Pale,
            Culture = CultureInfo.InvariantCulture,
            // Blue and orange first; the colour-blind distinguish them too.
            DefaultColors = [Blue, Orange, .. Others],
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
    public static LinearAxis Numbers(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        // Fonts that stand in for Helvetica are higher.
        AxisTitleDistance = 10,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = Pale,
        AxislineColor = Ink,
        StringFormat = "#,0.######",
        MinimumPadding = 0.02,
        MaximumPadding = 0.02,
    };

    /// <summary>Refuses what cannot be drawn: the library would leave it out without a word.</summary>
    /// <exception cref="ArgumentException">There is no value, or one is not finite; the message names the axis.</exception>
    public static void CheckFinite(string axis, IEnumerable<double> values)
    {
        var count = 0;
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"The axis '{axis}' cannot show {value}: leave out what is not a finite number.");
            count++;
        }
        if (count == 0)
            throw new ArgumentException($"There is nothing to be shown on the axis '{axis}'.");
    }
}
