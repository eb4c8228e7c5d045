using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search.Dais;

/// <summary>Which channels are kept, by their β.</summary>
internal static class IndicatorThreshold
{
    /// <summary>
    /// Channels with β above 0, if they use the budget well (or are all there are); else above the threshold that comes nearest from below.
    /// Every group keeps its strongest channel. Where only some widths are allowed, every group keeps the strongest channels of the width
    /// nearest to that.
    /// </summary>
    /// <param name="beta">β, group by group.</param>
    /// <param name="allowed">The widths that a result may have.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="leastUse">The least share of the budget that counts as used well.</param>
    public static (int[][] Kept, double Threshold) Keep(double[][] beta, AllowedWidths allowed, CostLimits limits, double leastUse)
    {
        var natural = WidthsAt(0);
        if (limits.Hold(natural) && (limits.Use(natural) >= leastUse || beta.All(g => g.All(b => b > 0))))
            return (FilterImportance.Best(beta, natural), 0);
        // The more of the sorted values are passed, the fewer channels stay: find the fewest that must be passed.
        var values = beta.SelectMany(g => g).Append(beta.Min(g => g.Min()) - 1).Distinct().Order().ToArray();
        var threshold = values[Bisection.First(values.Length, i => limits.Hold(WidthsAt(values[i])))];
        var widths = WidthsAt(threshold);
        var exact = Array.ConvertAll(Widths(Above(beta, threshold)), w => (double)w);
        if (allowed.Multiple > 1 && limits.Use(widths) < leastUse)
            WidthAllocation.Widen(widths, exact, allowed, limits);
        return (FilterImportance.Best(beta, widths), widths.SequenceEqual(natural) ? 0 : threshold);

        int[] WidthsAt(double least) => allowed.Round(Widths(Above(beta, least)));
    }

    /// <summary>The channels of every group whose β is above a threshold, and its strongest one.</summary>
    public static int[][] Above(double[][] beta, double threshold) => beta.Select(g =>
    {
        var strongest = Array.IndexOf(g, g.Max());
        return Enumerable.Range(0, g.Length).Where(c => g[c] > threshold || c == strongest).ToArray();
    }).ToArray();

    public static int[] Widths(int[][] kept) => kept.Select(k => k.Length).ToArray();
}
