namespace Microsoft.ML.Dmcp;

/// <summary>The sum of two values of one shape. Ties their channels: they are pruned together.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The two values.</param>
public sealed record AddLayer(string Name, IReadOnlyList<int> Inputs) : Layer(Name, Inputs);
