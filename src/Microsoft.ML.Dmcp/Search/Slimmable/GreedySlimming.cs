using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>AutoSlim's choice (Yu and Huang 2019): from the widest network on, take a block of channels from the group that misses it least, until the budget holds.</summary>
internal static class GreedySlimming
{
    /// <summary>The widths it ends with.</summary>
    /// <param name="grid">The widths that groups can have.</param>
    /// <param name="limits">The budget, met by the narrowest widths.</param>
    /// <param name="accuracy">Accuracy of a structure; of equals, the cheapest is taken.</param>
    public static int[] Choose(WidthGrid grid, CostLimits limits, Func<int[], double> accuracy)
    {
        var kept = grid.Blocks.Select(b => b.Blocks).ToArray();
        int[] Widths() => kept.Select((k, g) => grid.Blocks[g].WidthOf(k)).ToArray();
        while (!limits.Hold(Widths()))
        {
            var (best, bestAccuracy, bestUse) = (-1, -1.0, 0.0);
            for (var g = 0; g < kept.Length; g++)
            {
                if (kept[g] == 0)
                    continue;
                kept[g]--;
                var widths = Widths();
                var (a, use) = (accuracy(widths), limits.Use(widths));
                if (a > bestAccuracy || (a == bestAccuracy && use < bestUse))
                    (best, bestAccuracy, bestUse) = (g, a, use);
                kept[g]++;
            }
            kept[best]--;
        }
        return Widths();
    }
}
