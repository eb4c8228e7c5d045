namespace Microsoft.ML.Dmcp;

/// <summary>The mean of every channel over the whole image: [N, C, H, W] → [N, C, 1, 1].</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
public sealed record GlobalPoolLayer(string Name, IReadOnlyList<int> Inputs) : Layer(Name, Inputs);
