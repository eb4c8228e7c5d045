using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// One ranking over all groups (global pruning, as in Torch-Pruning): importance is divided by its mean over the group, so that groups
/// compare, and the least important channel of all goes until the budget is met. A tenth of every group stays.
/// </summary>
/// <param name="allowed">The widths that a result may have: channels go one by one, or as many at once as widths are multiples of.</param>
/// <param name="limits">The budget, met by the narrowest widths.</param>
/// <param name="fullWidths">Widths of the unpruned network.</param>
/// <param name="perCost">
/// Whether importance is divided by what the network without the channel saves of the limit that it uses most.
/// </param>
internal sealed class GlobalRanking(AllowedWidths allowed, CostLimits limits, IReadOnlyList<int> fullWidths, bool perCost) : IFilterRanking
{
    private const int LeastFraction = 10;

    /// <summary>What stays of every group: a tenth, at least one channel.</summary>
    public static int[] Narrowest(NetworkDescription network) =>
        network.FullWidths.Select(width => (width + LeastFraction - 1) / LeastFraction).ToArray();

    public int[][] Keep(IReadOnlyList<double[]> importance, double progress) =>
        FilterImportance.Best(importance, Widths(importance, limits.OnTheWay(progress, fullWidths)));

    private int[] Widths(IReadOnlyList<double[]> importance, CostLimits target)
    {
        var ascending = importance.Select(Relative).ToArray();
        var widths = importance.Select((group, g) => Math.Min(group.Length, allowed.Widest[g])).ToArray();
        var gone = new Stack<(int Group, int Channels)>();
        while (!target.Hold(widths))
        {
            var savings = perCost ? target.Tightest(widths).Cost.Savings(widths) : null;
            var group = Enumerable.Range(0, widths.Length).Where(g => Step(g) > 0).MinBy(g => Next(g) / (savings?[g] ?? 1));
            gone.Push((group, Step(group)));
            widths[group] -= Step(group);
        }
        // The last ones may have saved more than was needed: of those before some fit again, the most important first.
        foreach (var (group, channels) in gone)
        {
            widths[group] += channels;
            if (!target.Hold(widths))
                widths[group] -= channels;
        }
        return widths;

        int Step(int g) => widths[g] - allowed.Narrower(g, widths[g], 1);

        double Next(int g) => ascending[g].Skip(ascending[g].Length - widths[g]).Take(Step(g)).Average();
    }

    private static double[] Relative(double[] group)
    {
        var mean = Math.Max(group.Average(), double.Epsilon);
        return group.Select(channel => channel / mean).Order().ToArray();
    }
}
