namespace Dmcp.Quickstart;

/// <summary>One trained network in the final table.</summary>
internal sealed record Comparison(string Network, long Flops, long Parameters, double Accuracy);
