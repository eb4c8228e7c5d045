namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>What a sweep keeps of a budget that it is done with.</summary>
/// <param name="Options">The options and images that the result depends on.</param>
/// <param name="Result">The result.</param>
internal sealed record SweepEntry(string Options, PruneResult Result);
