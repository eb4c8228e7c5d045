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
        var (blocks, allowed, limits) = (choice.Grid.Blocks, choice.Allowed, choice.Limits);
        var kept = allowed.Widest;
        var full = limits.Use(kept);
        while (!limits.Hold(kept))
        {
            choice.Progress((full - limits.Use(kept)) / (full - 1));
            var (best, bestAccuracy, bestUse) = (kept, -1.0, 0.0);
            for (var g = 0; g < kept.Length; g++)
            {
                var widths = kept.ToArray();
                widths[g] = allowed.Narrower(g, kept[g], blocks[g].BlockSize);
                if (widths[g] == kept[g])
                    continue;
                var (accuracy, use) = (choice.Accuracy(widths), limits.Use(widths));
                if (accuracy > bestAccuracy || (accuracy == bestAccuracy && use < bestUse))
                    (best, bestAccuracy, bestUse) = (widths, accuracy, use);
            }
            kept = best;
        }
        return kept;
    }
}
