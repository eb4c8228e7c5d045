namespace Microsoft.ML.Dmcp;

/// <summary>[N, C, H, W] → [N, C·H·W], channel by channel.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads.</param>
public sealed record FlattenLayer(string Name, IReadOnlyList<int> Inputs) : Layer(Name, Inputs);
