using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>
/// One ranking over all groups (global pruning, as in Torch-Pruning): importance is divided by its mean over the group, so that groups
/// compare, and the least important channel of all goes until the budget is met. A tenth of every group stays.
/// </summary>
/// <param name="network">The unpruned network.</param>
/// <param name="limits">The budget, met by <see cref="Narrowest"/>.</param>
/// <param name="perCost">
/// Whether importance is divided by what the network without the channel saves of the limit that it uses most.
/// </param>
internal sealed class GlobalRanking(NetworkDescription network, CostLimits limits, bool perCost) : IFilterRanking
{
    private const int LeastFraction = 10;

    private readonly int[] _narrowest = Narrowest(network);

    /// <summary>What stays of every group: a tenth, at least one channel.</summary>
    public static int[] Narrowest(NetworkDescription network) =>
        network.FullWidths.Select(width => (width + LeastFraction - 1) / LeastFraction).ToArray();

    public int[][] Keep(IReadOnlyList<double[]> importance, double progress) =>
        FilterImportance.Best(importance, Widths(importance, limits.OnTheWay(progress, network.FullWidths)));

    private int[] Widths(IReadOnlyList<double[]> importance, CostLimits target)
    {
        var ascending = importance.Select(Relative).ToArray();
        var widths = importance.Select(group => group.Length).ToArray();
        var gone = new Stack<int>();
        while (!target.Hold(widths))
        {
            var savings = perCost ? target.Tightest(widths).Cost.Savings(widths) : null;
            var group = Enumerable.Range(0, widths.Length).Where(g => widths[g] > _narrowest[g]).MinBy(g => Next(g) / (savings?[g] ?? 1));
            widths[group]--;
            gone.Push(group);
        }
        // The last one may have saved more than was needed: of those before it some fit again, the most important first.
        foreach (var group in gone)
        {
            widths[group]++;
            if (!target.Hold(widths))
                widths[group]--;
        }
        return widths;

        double Next(int g) => ascending[g][ascending[g].Length - widths[g]];
    }

    private static double[] Relative(double[] group)
    {
        var mean = Math.Max(group.Average(), double.Epsilon);
        return group.Select(channel => channel / mean).Order().ToArray();
    }
}
