namespace Microsoft.ML.Dmcp;

/// <summary>The product of two values, the second of which may be one pixel large (squeeze-and-excitation). Ties their channels.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The two values.</param>
public sealed record MultiplyLayer(string Name, IReadOnlyList<int> Inputs) : Layer(Name, Inputs);
