namespace Microsoft.ML.Dmcp;

/// <summary>What one layer of a network costs.</summary>
/// <param name="Layer">Name of the convolution or linear layer; of a batch norm only where it follows neither.</param>
/// <param name="Group">The channel group whose channels it makes; several after a concatenation, with commas between them.</param>
/// <param name="Channels">Channels that it makes.</param>
/// <param name="Height">Height of its result in pixels.</param>
/// <param name="Width">Width of its result in pixels.</param>
/// <param name="Flops">Multiply-adds of one image.</param>
/// <param name="Parameters">Learned parameters, with those of the batch norm behind it.</param>
public sealed record LayerCost(string Layer, string Group, int Channels, int Height, int Width, long Flops, long Parameters);
