namespace Microsoft.ML.Dmcp.Networks;

/// <summary>Shape of a layer's value: its channels as one or (after a concatenation) several group segments, and its size in pixels.</summary>
/// <param name="Segments">The groups whose channels stand one after another.</param>
/// <param name="Height">Height in pixels; 1 once flattened.</param>
/// <param name="Width">Width in pixels; 1 once flattened.</param>
/// <param name="FeaturesPerChannel">1; after a flatten the number of pixels that each channel was spread over.</param>
internal sealed record ValueShape(IReadOnlyList<ChannelGroup> Segments, int Height, int Width, int FeaturesPerChannel)
{
    /// <summary>Channels in the unpruned network.</summary>
    public int Channels => Segments.Sum(s => s.Channels);

    /// <summary>Channels at the given widths.</summary>
    public int ChannelsIn(IReadOnlyList<int> widths)
    {
        var channels = 0;
        foreach (var segment in Segments)
            channels += segment.WidthIn(widths);
        return channels;
    }
}
