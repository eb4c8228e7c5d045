namespace Microsoft.ML.Dmcp.Networks;

/// <summary>
/// Shape of a layer's value: its channels as one or (after a concatenation) several group segments, and its size in pixels.
/// </summary>
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

    /// <summary>Where the kept channels' entries stand among those of the unpruned network.</summary>
    /// <param name="kept">The kept channels of every channel group.</param>
    public long[] IndicesOf(IReadOnlyList<IReadOnlyList<int>> kept)
    {
        var (indices, offset) = (new List<long>(), 0L);
        foreach (var segment in Segments)
        {
            foreach (var channel in segment.IsFixed ? Enumerable.Range(0, segment.Channels) : kept[segment.Index])
                for (var feature = 0; feature < FeaturesPerChannel; feature++)
                    indices.Add(offset + (long)channel * FeaturesPerChannel + feature);
            offset += (long)segment.Channels * FeaturesPerChannel;
        }
        return indices.ToArray();
    }
}
