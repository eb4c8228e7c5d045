using System.Globalization;
using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>
/// How probable each width of every channel group is, a panel a group (the release's plot of layer widths), with the shares of the drawn
/// structures and of those in the budget.
/// </summary>
public static class WidthDistributionPlot
{
    private const int Columns = 5;
    private const double PanelHeight = 90, Header = 34, Footer = 30, Gap = 44;

    /// <summary>Writes the plot.</summary>
    /// <param name="statistics">The statistics of a search.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    public static void Save(StructureStatistics statistics, string path)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var groups = statistics.Groups;
        var panel = Math.Max(150, groups.Max(g => Math.Max(SvgDrawing.TextWidth(g.Name), SvgDrawing.TextWidth(Expected(g), 10))));
        var columns = Math.Min(Columns, groups.Count);
        var drawing = new SvgDrawing("Probability of the widths of every channel group",
            [new("exact", SvgDrawing.Blue, SvgDrawing.Blue), new($"share of {Count(statistics.Draws)} drawn structures", SvgDrawing.Ink),
             new($"share of the {Count(statistics.InBudgetDraws)} of them in the budget", SvgDrawing.Orange)],
            2 * SvgDrawing.Edge + columns * (panel + Gap));
        for (var i = 0; i < groups.Count; i++)
            DrawPanel(drawing, groups[i], statistics,
                SvgDrawing.Edge + Gap + i % columns * (panel + Gap), drawing.Top + Header + i / columns * (Header + PanelHeight + Footer), panel);
        drawing.Save(path, drawing.Top + (groups.Count + columns - 1) / columns * (Header + PanelHeight + Footer) + SvgDrawing.Edge);
    }

    private static void DrawPanel(SvgDrawing drawing, GroupStatistics group, StructureStatistics statistics, double left, double top, double panel)
    {
        var (band, bottom) = (panel / group.Widths.Count, top + PanelHeight);
        var (sampled, inBudget) = (Share(group.SampledCounts, statistics.Draws), Share(group.InBudgetCounts, statistics.InBudgetDraws));
        // Every panel has its own scale: the widths of a group that has not settled are all improbable.
        var axis = new Axis("probability", 0, group.Probabilities.Concat(sampled).Concat(inBudget).Max(), 2);
        double Y(double share) => bottom - PanelHeight * axis.At(share);
        drawing.Text(left, top - 18, group.Name);
        drawing.Text(left, top - 6, Expected(group), size: 10);
        foreach (var tick in axis.Ticks)
        {
            drawing.Line(left, Y(tick), left + panel, Y(tick), SvgDrawing.Pale);
            drawing.Text(left - 4, Y(tick) + 3, axis.Label(tick), "end", 9);
        }
        for (var k = 0; k < group.Widths.Count; k++)
        {
            var (x, width) = (left + (k + 0.1) * band, 0.8 * band);
            drawing.Rectangle(x, Y(group.Probabilities[k]), width, bottom - Y(group.Probabilities[k]), SvgDrawing.Blue);
            drawing.Line(x, Y(sampled[k]), x + width, Y(sampled[k]), SvgDrawing.Ink, 2);
            if (statistics.InBudgetDraws > 0)
                drawing.Line(x, Y(inBudget[k]), x + width, Y(inBudget[k]), SvgDrawing.Orange, 2);
        }
        drawing.Line(left, bottom, left + panel, bottom, SvgDrawing.Ink);
        // The first and the last width always, others where they have room.
        var every = (int)Math.Ceiling((SvgDrawing.TextWidth(Count(group.Channels), 9) + 6) / band);
        for (var k = 0; k < group.Widths.Count; k++)
            if (k == group.Widths.Count - 1 || (k % every == 0 && group.Widths.Count - 1 - k >= every))
                drawing.Text(left + (k + 0.5) * band, bottom + 12, Count(group.Widths[k]), "middle", 9);
    }

    private static double[] Share(IReadOnlyList<int> counts, int all) => counts.Select(c => all == 0 ? 0 : (double)c / all).ToArray();

    private static string Expected(GroupStatistics group) => FormattableString.Invariant($"expected {group.ExpectedWidth:0.0} of {group.Channels}");

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
}
