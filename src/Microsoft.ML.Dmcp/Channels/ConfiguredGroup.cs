using System.Text.Json.Serialization;

namespace Microsoft.ML.Dmcp;

/// <summary>One channel group in a <see cref="ChannelConfig"/>.</summary>
/// <param name="Name">Name of the group: the first layer that makes its channels.</param>
/// <param name="Layers">All layers whose outputs are channels of the group.</param>
/// <param name="Channels">Width in the unpruned network.</param>
/// <param name="Width">Width in the pruned network.</param>
public sealed record ConfiguredGroup(string Name, IReadOnlyList<string> Layers, int Channels, int Width)
{
    /// <summary>
    /// Which channels are kept, ascending and from 0, where the method chooses them one by one; null for the first <see cref="Width"/>.
    /// They matter to weights that are taken over, not to a training from scratch.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<int>? Kept { get; init; }

    internal bool KeepsWell => Kept is null || (Kept.Count == Width && Kept.All(c => c >= 0 && c < Channels) && IsAscending(Kept));

    private static bool IsAscending(IReadOnlyList<int> kept) => kept.Zip(kept.Skip(1)).All(pair => pair.First < pair.Second);
}
