namespace Microsoft.ML.Dmcp;

/// <summary>Batch normalisation over every channel, with a learned scale and shift.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">Weight of the newest batch in the running statistics.</param>
public sealed record BatchNormLayer(string Name, IReadOnlyList<int> Inputs, double Epsilon, double Momentum) : Layer(Name, Inputs);
