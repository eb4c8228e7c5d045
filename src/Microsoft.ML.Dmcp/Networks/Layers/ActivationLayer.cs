namespace Microsoft.ML.Dmcp;

/// <summary>An element-wise non-linearity.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads.</param>
/// <param name="Function">Which one.</param>
public sealed record ActivationLayer(string Name, IReadOnlyList<int> Inputs, Activation Function) : Layer(Name, Inputs);
