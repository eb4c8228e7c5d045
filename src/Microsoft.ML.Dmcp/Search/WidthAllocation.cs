using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>Integer widths from real ones, always within a budget and as close to it as single channels allow.</summary>
internal static class WidthAllocation
{
    private const int Bisections = 60;

    /// <summary>
    /// Finds the largest x for which the rounded widths w(x) meet the budget, then gives single channels to the groups that rounding took
    /// most from, while they fit.
    /// </summary>
    /// <param name="widthsAt">Real widths, none of which falls when x grows.</param>
    /// <param name="low">An x whose widths meet the budget.</param>
    /// <param name="high">The largest x.</param>
    /// <param name="largest">Full width of every group.</param>
    /// <param name="limits">The budget.</param>
    public static (int[] Widths, double X) Largest(
        Func<double, double[]> widthsAt, double low, double high, IReadOnlyList<int> largest, CostLimits limits)
    {
        bool Holds(double at) => limits.Hold(Round(widthsAt(at), largest));
        var x = Holds(high) ? high : Bisection.Largest(low, high, Bisections, Holds);
        var exact = widthsAt(x);
        return (Fill(Round(exact, largest), exact, largest, limits), x);
    }

    /// <summary>One channel a group.</summary>
    public static int[] Narrowest(NetworkDescription network) => network.Groups.Select(_ => 1).ToArray();

    /// <summary>All groups narrowed by one factor, the largest that meets the budget; and the factor.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="limits">The budget, met by one channel a group.</param>
    public static (int[] Widths, double Factor) Uniform(NetworkDescription network, CostLimits limits) =>
        Largest(x => network.FullWidths.Select(w => w * x).ToArray(), 0, 1, network.FullWidths, limits);

    /// <summary>The nearest integer widths; halves fall, as in the release's <c>round(e − 1e-4)</c>.</summary>
    public static int[] Round(double[] widths, IReadOnlyList<int> largest) =>
        widths.Select((w, g) => Math.Clamp((int)Math.Round(w - 1e-4), 1, largest[g])).ToArray();

    private static int[] Fill(int[] widths, double[] exact, IReadOnlyList<int> largest, CostLimits limits)
    {
        foreach (var g in Enumerable.Range(0, widths.Length).OrderByDescending(g => exact[g] - widths[g]))
        {
            if (widths[g] >= largest[g])
                continue;
            widths[g]++;
            if (!limits.Hold(widths))
                widths[g]--;
        }
        return widths;
    }
}
