namespace Microsoft.ML.Dmcp;

/// <summary>Zeroes elements at random while training; the identity otherwise.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads.</param>
/// <param name="Probability">Probability of an element to be zeroed.</param>
public sealed record DropoutLayer(string Name, IReadOnlyList<int> Inputs, double Probability) : Layer(Name, Inputs);
