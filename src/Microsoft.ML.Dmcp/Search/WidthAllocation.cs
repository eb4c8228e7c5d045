using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>Allowed widths from real ones, always within a budget and as close to it as single steps allow.</summary>
internal static class WidthAllocation
{
    /// <summary>The share of the budget below which widths that steps leave room for are widened further.</summary>
    public const double LeastUse = 0.95;

    private const int Bisections = 60;

    /// <summary>
    /// Finds the largest x for which the rounded widths w(x) meet the budget, then gives single steps to the groups that rounding took most
    /// from, while they fit.
    /// </summary>
    /// <param name="widthsAt">Real widths, none of which falls when x grows.</param>
    /// <param name="low">An x whose widths meet the budget.</param>
    /// <param name="high">The largest x.</param>
    /// <param name="allowed">The widths that a result may have.</param>
    /// <param name="limits">The budget.</param>
    public static (int[] Widths, double X) Largest(
        Func<double, double[]> widthsAt, double low, double high, AllowedWidths allowed, CostLimits limits)
    {
        bool Holds(double at) => limits.Hold(allowed.Round(widthsAt(at)));
        var x = Holds(high) ? high : Bisection.Largest(low, high, Bisections, Holds);
        var exact = widthsAt(x);
        var widths = allowed.Round(exact);
        Widen(widths, exact, allowed, limits);
        return (widths, x);
    }

    /// <summary>All groups narrowed by one factor, the largest that meets the budget; and the factor.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="allowed">The widths that a result may have.</param>
    /// <param name="limits">The budget, met by the narrowest of them.</param>
    public static (int[] Widths, double Factor) Uniform(NetworkDescription network, AllowedWidths allowed, CostLimits limits) =>
        Largest(x => network.FullWidths.Select(w => w * x).ToArray(), 0, 1, allowed, limits);

    /// <summary>
    /// One step more for every group, those first that lack most, where it fits; again where steps of more than a channel leave much of the
    /// budget.
    /// </summary>
    /// <param name="widths">The widths; changed.</param>
    /// <param name="exact">The widths that they should have.</param>
    /// <param name="allowed">The widths that a result may have.</param>
    /// <param name="limits">The budget.</param>
    public static void Widen(int[] widths, IReadOnlyList<double> exact, AllowedWidths allowed, CostLimits limits)
    {
        while (WidenOnce(widths, exact, allowed, limits) && allowed.Multiple > 1 && limits.Use(widths) < LeastUse)
            continue;
    }

    private static bool WidenOnce(int[] widths, IReadOnlyList<double> exact, AllowedWidths allowed, CostLimits limits)
    {
        var widened = false;
        foreach (var g in Enumerable.Range(0, widths.Length).OrderByDescending(g => exact[g] - widths[g]).ToArray())
        {
            if (widths[g] >= allowed.Widest[g])
                continue;
            widths[g] += allowed.Multiple;
            if (limits.Hold(widths))
                widened = true;
            else
                widths[g] -= allowed.Multiple;
        }
        return widened;
    }
}
