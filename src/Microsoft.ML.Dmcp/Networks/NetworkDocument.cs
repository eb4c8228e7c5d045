namespace Microsoft.ML.Dmcp.Networks;

/// <summary>A network description as JSON has it.</summary>
internal sealed record NetworkDocument(string Name, IReadOnlyList<Layer> Layers);
