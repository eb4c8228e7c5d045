using Microsoft.ML.Dmcp.Networks.Modules;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>Channels in the order in which pruning in rounds keeps them.</summary>
/// <param name="Order">The channels of every group, the one that goes last first.</param>
/// <param name="Widths">How many of every group are kept.</param>
internal sealed record RankedChannels(int[][] Order, int[] Widths)
{
    /// <summary>Rounds, where nobody says how many.</summary>
    public const int UsualRounds = 20;

    /// <summary>The channels that are kept of every group, ascending.</summary>
    public int[][] Kept => Order.Select((group, g) => group.Take(Widths[g]).Order().ToArray()).ToArray();

    /// <summary>
    /// Takes channels away in rounds: what is left is ranked anew before every one, since channels that say the same become important once
    /// the others are gone.
    /// </summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="channels">Those that are left of every group, ascending.</param>
    /// <param name="ranking">Chooses among channels.</param>
    /// <param name="way">From which share of the way to the budget the rounds go to which.</param>
    /// <param name="rounds">How many, of which each goes the same share.</param>
    /// <param name="importance">Of every channel of every group of a network.</param>
    public static RankedChannels InRounds(
        SlimmableNetwork network, int[][] channels, IFilterRanking ranking, (double From, double To) way, int rounds,
        Func<SlimmableNetwork, double[][]> importance)
    {
        var order = channels.Select(group => group.ToArray()).ToArray();
        var widths = order.Select(group => group.Length).ToArray();
        for (var round = 1; round <= rounds; round++)
        {
            var share = way.From + (way.To - way.From) * round / rounds;
            var left = new RankedChannels(order, widths).Kept;
            using var remaining = network.Slice(left);
            var scores = importance(remaining);
            var kept = ranking.Keep(scores, share);
            for (var g = 0; g < order.Length; g++)
            {
                // Those that stay first, both by importance; behind them what went before.
                Enumerable.Range(0, widths[g])
                    .OrderByDescending(kept[g].ToHashSet().Contains).ThenByDescending(c => scores[g][c]).ThenBy(c => c)
                    .Select(c => left[g][c]).ToArray().CopyTo(order[g], 0);
                widths[g] = kept[g].Length;
            }
        }
        return new RankedChannels(order, widths);
    }
}
