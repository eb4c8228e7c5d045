namespace Microsoft.ML.Dmcp;

/// <summary>A fully connected layer: [N, features] → [N, OutFeatures].</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one flat value it reads.</param>
/// <param name="OutFeatures">Number of outputs.</param>
/// <param name="HasBias">Whether a bias is added.</param>
public sealed record LinearLayer(string Name, IReadOnlyList<int> Inputs, int OutFeatures, bool HasBias) : Layer(Name, Inputs);
