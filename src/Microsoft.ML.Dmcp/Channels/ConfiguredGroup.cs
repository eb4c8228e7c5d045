namespace Microsoft.ML.Dmcp.Channels;

/// <summary>One channel group in a <see cref="ChannelConfig"/>.</summary>
/// <param name="Name">Name of the group: the first layer that makes its channels.</param>
/// <param name="Layers">All layers whose outputs are channels of the group.</param>
/// <param name="Channels">Width in the unpruned network.</param>
/// <param name="Width">Width in the pruned network.</param>
public sealed record ConfiguredGroup(string Name, IReadOnlyList<string> Layers, int Channels, int Width);
