namespace Microsoft.ML.Dmcp;

/// <summary>The image: always layer 0 of a network.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">Empty.</param>
/// <param name="Channels">Channels of the image (3 for colour).</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public sealed record InputLayer(string Name, IReadOnlyList<int> Inputs, int Channels, int Height, int Width) : Layer(Name, Inputs);
