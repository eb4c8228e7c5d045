namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>A trial that is to be done.</summary>
/// <param name="Network">Name of the network.</param>
/// <param name="Method">How its widths are found.</param>
/// <param name="Amount">Its budget; 0 for shared weights.</param>
/// <param name="Seed">Seed of all randomness.</param>
/// <param name="Neighbour">The trial whose α its search begins with; null for none.</param>
internal sealed record PlannedTrial(string Network, DmcpTrialMethod Method, double Amount, int Seed, int? Neighbour);
