using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>Direct sampling (3.3): structures drawn from the Markov process, of which those inside the budget are kept.</summary>
internal static class DirectSampling
{
    /// <summary>Draws until so many different structures are in the budget and use at least the share 1 − tolerance of it.</summary>
    /// <param name="draw">Draws the widths of a structure from the searched chain.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="count">How many structures.</param>
    /// <param name="tolerance">How far below the (tightest) limit a structure may lie, as a share of it.</param>
    /// <param name="maxDraws">After so many draws it gives up; the release never does.</param>
    /// <param name="random">Where the randomness comes from.</param>
    /// <exception cref="InvalidOperationException">Too few of the draws lay in the budget; the message says where they lay.</exception>
    public static IReadOnlyList<int[]> Sample(
        Func<RandomSource, int[]> draw, CostLimits limits, int count, double tolerance, int maxDraws, RandomSource random)
    {
        var found = new List<int[]>();
        var seen = new HashSet<string>();
        var use = 0.0;
        for (var drawn = 0; drawn < maxDraws; drawn++)
        {
            var widths = draw(random);
            var used = limits.Use(widths);
            use += used;
            if (used >= 1 - tolerance && limits.Hold(widths) && seen.Add(string.Join(',', widths)))
                found.Add(widths);
            if (found.Count == count)
                return found;
        }
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"{maxDraws} draws gave {found.Count} of {count} different structures " +
            $"that use {100 * (1 - tolerance):0.#} to 100 % of {limits}; " +
            $"on average a draw uses {100 * use / maxDraws:0.#} %. " +
            $"Search until the expected cost meets the budget, allow a larger tolerance or more draws, " +
            $"or use the expected widths (ChannelConfig)."));
    }
}
