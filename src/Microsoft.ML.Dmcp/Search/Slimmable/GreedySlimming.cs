namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>
/// AutoSlim's choice (Yu and Huang 2019): from the widest network on, take a block of channels from the group that misses it least, until
/// the budget holds.
/// </summary>
internal static class GreedySlimming
{
    /// <summary>The widths it ends with.</summary>
    /// <param name="choice">
    /// What to choose from; the budget is met by the narrowest widths. Of equal accuracies, the cheapest structure is taken.
    /// </param>
    public static int[] Choose(StructureChoice choice)
    {
        var (grid, limits) = (choice.Grid, choice.Limits);
        var kept = grid.Blocks.Select(b => b.Blocks).ToArray();
        int[] Widths() => kept.Select((k, g) => grid.Blocks[g].WidthOf(k)).ToArray();
        var full = limits.Use(Widths());
        while (!limits.Hold(Widths()))
        {
            choice.Progress((full - limits.Use(Widths())) / (full - 1));
            var (best, bestAccuracy, bestUse) = (-1, -1.0, 0.0);
            for (var g = 0; g < kept.Length; g++)
            {
                if (kept[g] == 0)
                    continue;
                kept[g]--;
                var widths = Widths();
                var (accuracy, use) = (choice.Accuracy(widths), limits.Use(widths));
                if (accuracy > bestAccuracy || (accuracy == bestAccuracy && use < bestUse))
                {
                    best = g;
                    bestAccuracy = accuracy;
                    bestUse = use;
                }
                kept[g]++;
            }
            kept[best]--;
        }
        return Widths();
    }
}
