namespace Microsoft.ML.Dmcp;

/// <summary>
/// Channels that can only be pruned together, because layers that are added, multiplied or chained depth-wise must agree in
/// width (3.1.2 of the paper: they share one set of architecture parameters).
/// </summary>
/// <param name="Index">Position in <see cref="NetworkDescription.Groups"/>; −1 for channels that cannot be pruned (image, classes).</param>
/// <param name="Name">Name of the first layer that makes channels of the group.</param>
/// <param name="Channels">Width in the unpruned network.</param>
/// <param name="Layers">Names of the convolutions and linear layers whose outputs are channels of the group.</param>
public sealed record ChannelGroup(int Index, string Name, int Channels, IReadOnlyList<string> Layers)
{
    /// <summary>Whether the width is given: the channels of the image and the classes.</summary>
    public bool IsFixed => Index < 0;

    /// <summary>Number of its channels at the given widths.</summary>
    internal int WidthIn(IReadOnlyList<int> widths) => IsFixed ? Channels : widths[Index];
}
