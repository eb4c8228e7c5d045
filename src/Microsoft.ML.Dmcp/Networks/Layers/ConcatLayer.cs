namespace Microsoft.ML.Dmcp;

/// <summary>Values of equal height and width side by side along the channels. Each keeps its own channel groups.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">Two or more values.</param>
public sealed record ConcatLayer(string Name, IReadOnlyList<int> Inputs) : Layer(Name, Inputs);
