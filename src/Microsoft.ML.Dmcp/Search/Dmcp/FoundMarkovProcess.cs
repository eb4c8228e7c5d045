namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>What DMCP leaves behind: the widths, and the Markov process that other structures can be drawn from.</summary>
/// <param name="Config">The widths it found.</param>
/// <param name="Chain">The searched process.</param>
/// <param name="Comparison">How they compare with uniform widths.</param>
internal sealed record FoundMarkovProcess(ChannelConfig Config, SearchedChain Chain, UniformComparison Comparison)
    : FoundChannels(Config, Comparison);
