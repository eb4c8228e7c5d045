using Microsoft.ML.Dmcp.Search.Dmcp;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>What a search leaves behind.</summary>
/// <param name="Config">The widths it found.</param>
/// <param name="Chain">What structures can be drawn from later; null for methods without a Markov process.</param>
internal sealed record FoundChannels(ChannelConfig Config, SearchedChain? Chain = null);
