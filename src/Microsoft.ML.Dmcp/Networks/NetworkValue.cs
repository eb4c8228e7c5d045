namespace Microsoft.ML.Dmcp;

/// <summary>What flows between layers while a network is being described: images of <see cref="Channels"/> planes.</summary>
/// <param name="Layer">Index of the layer that makes it.</param>
/// <param name="Channels">Planes, or features once flattened.</param>
/// <param name="Height">Height in pixels; 1 once flattened.</param>
/// <param name="Width">Width in pixels; 1 once flattened.</param>
public readonly record struct NetworkValue(int Layer, int Channels, int Height, int Width);
