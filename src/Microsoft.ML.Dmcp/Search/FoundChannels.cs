namespace Microsoft.ML.Dmcp.Search;

/// <summary>What a search leaves behind; a method may add to it.</summary>
/// <param name="Config">The widths it found.</param>
/// <param name="Comparison">How they compare with uniform widths; null where they were not compared.</param>
internal record FoundChannels(ChannelConfig Config, UniformComparison? Comparison = null);
