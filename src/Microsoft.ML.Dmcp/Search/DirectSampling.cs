using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>Direct sampling (3.3): structures drawn from the Markov process, of which those inside the budget are kept.</summary>
internal static class DirectSampling
{
    /// <summary>Draws until so many different structures cost at most the limit and at least its share 1 − tolerance.</summary>
    /// <param name="chain">The searched chain.</param>
    /// <param name="cost">What is limited.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="count">How many structures.</param>
    /// <param name="tolerance">How far below the limit a structure may lie, as a share of it.</param>
    /// <param name="maxDraws">After so many draws it gives up; the release never does.</param>
    /// <param name="random">Where the randomness comes from.</param>
    /// <exception cref="InvalidOperationException">Too few of the draws lay in the budget; the message says where they lay.</exception>
    public static IReadOnlyList<int[]> Sample(MarkovChain chain, NetworkCost cost, long limit, int count, double tolerance, int maxDraws, RandomSource random)
    {
        var (found, seen, low, sum) = (new List<int[]>(), new HashSet<string>(), (long)Math.Ceiling((1 - tolerance) * limit), 0.0);
        for (var draw = 0; draw < maxDraws; draw++)
        {
            var widths = chain.Draw(random);
            var amount = cost.Count(widths);
            sum += amount;
            if (amount >= low && amount <= limit && seen.Add(string.Join(',', widths)))
                found.Add(widths);
            if (found.Count == count)
                return found;
        }
        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"{maxDraws} draws gave {found.Count} of {count} different structures between {low * 1e-6:0.00}M and {limit * 1e-6:0.00}M; on average a draw costs {sum / maxDraws * 1e-6:0.00}M. " +
            $"Search until the expected cost meets the budget, allow a larger tolerance or more draws, or use the expected widths (ChannelConfig)."));
    }
}
