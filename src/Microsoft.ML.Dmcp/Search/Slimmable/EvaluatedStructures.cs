namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>The file of evaluated structures.</summary>
/// <param name="Weights">Digest of the checkpoint with whose weights they were evaluated.</param>
/// <param name="Accuracies">Accuracy by the widths, separated by commas.</param>
internal sealed record EvaluatedStructures(string Weights, Dictionary<string, double> Accuracies);
