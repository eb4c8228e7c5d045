namespace Microsoft.ML.Dmcp.Search;

/// <summary>What a search leaves behind; a method may add to it.</summary>
/// <param name="Config">The widths it found.</param>
internal record FoundChannels(ChannelConfig Config);
