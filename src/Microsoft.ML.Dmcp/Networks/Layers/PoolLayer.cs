namespace Microsoft.ML.Dmcp;

/// <summary>Pooling over a square window.</summary>
/// <param name="Name">Name of the layer.</param>
/// <param name="Inputs">The one value it reads, [N, C, H, W].</param>
/// <param name="Kind">Maximum or mean.</param>
/// <param name="Kernel">Side of the window in pixels.</param>
/// <param name="Stride">Step in pixels.</param>
/// <param name="Padding">Padding at each side, in pixels.</param>
public sealed record PoolLayer(string Name, IReadOnlyList<int> Inputs, PoolKind Kind, int Kernel, int Stride, int Padding)
    : Layer(Name, Inputs);
