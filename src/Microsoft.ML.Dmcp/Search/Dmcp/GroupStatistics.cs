using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp;

/// <summary>How wide the searched Markov process makes one channel group: exactly, and in the structures that were drawn.</summary>
/// <param name="Name">Name of the group: the first layer that makes its channels.</param>
/// <param name="Layers">All layers whose outputs are channels of the group.</param>
/// <param name="Channels">Width in the unpruned network.</param>
/// <param name="ExpectedWidth">Expected width (Eq. 8): minChannels + blockSize·Σ marginals. Exact, not the mean of the draws.</param>
/// <param name="Widths">The widths that the group can have, from the narrowest to <paramref name="Channels"/>.</param>
/// <param name="Probabilities">
/// Probability that the process stops at each of the <paramref name="Widths"/>: marginal of the last kept block − marginal of the next.
/// They sum to 1.
/// </param>
/// <param name="SampledCounts">How many of the drawn structures have each of the <paramref name="Widths"/>.</param>
/// <param name="InBudgetCounts">The same among the drawn structures that cost the budget within the tolerance.</param>
public sealed record GroupStatistics(
    string Name, IReadOnlyList<string> Layers, int Channels, double ExpectedWidth, IReadOnlyList<int> Widths,
    IReadOnlyList<double> Probabilities, IReadOnlyList<int> SampledCounts, IReadOnlyList<int> InBudgetCounts)
{
    internal static GroupStatistics Of(
        ChannelGroup group, MarkovChain chain, IReadOnlyList<int> sampledCounts, IReadOnlyList<int> inBudgetCounts)
    {
        var (blocks, marginals) = (chain.Blocks[group.Index], chain.Marginals(group.Index));
        // The channels that are always kept come before the first block; behind the last there is none.
        double[] reached = [1, .. marginals, 0];
        return new GroupStatistics(group.Name, group.Layers, group.Channels, blocks.MinChannels + blocks.BlockSize * marginals.Sum(),
            Enumerable.Range(0, blocks.Blocks + 1).Select(blocks.WidthOf).ToArray(),
            Enumerable.Range(0, blocks.Blocks + 1).Select(k => reached[k] - reached[k + 1]).ToArray(), sampledCounts, inBudgetCounts);
    }
}
