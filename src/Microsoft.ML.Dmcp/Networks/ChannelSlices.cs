using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>
/// The part of a weight that belongs to a value's channels at given widths: the first channels of every group segment. Views where
/// there is one segment, so gradients and statistics land in the shared weight itself.
/// </summary>
internal sealed class ChannelSlices(ValueShape shape, IReadOnlyList<int> gateOffsets)
{
    private readonly ChannelGroup[] _segments = shape.Segments.ToArray();
    private readonly int _features = shape.FeaturesPerChannel;

    /// <summary>Entries of <paramref name="weight"/> along <paramref name="dimension"/> that are kept; the weight itself when all are.</summary>
    public Tensor Take(Tensor weight, int dimension, IReadOnlyList<int>? widths)
    {
        if (IsFull(widths))
            return weight;
        if (_segments.Length == 1)
            return weight.narrow(dimension, 0, (long)_segments[0].WidthIn(widths!) * _features);
        var parts = new Tensor[_segments.Length];
        long offset = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = weight.narrow(dimension, offset, (long)_segments[i].WidthIn(widths!) * _features);
            offset += (long)_segments[i].Channels * _features;
        }
        return cat(parts, dimension);
    }

    /// <summary>Whether <see cref="Take"/> returns a copy, which has to be written back with <see cref="Put"/> after a change in place.</summary>
    public bool Copies(IReadOnlyList<int>? widths) => _segments.Length > 1 && !IsFull(widths);

    /// <summary>Writes what <see cref="Take"/> gave back into the vector.</summary>
    public void Put(Tensor vector, Tensor values, IReadOnlyList<int> widths)
    {
        long target = 0, source = 0;
        foreach (var segment in _segments)
        {
            var width = (long)segment.WidthIn(widths) * _features;
            vector.narrow(0, target, width).copy_(values.narrow(0, source, width));
            target += (long)segment.Channels * _features;
            source += width;
        }
    }

    /// <summary>The gates of the kept channels, [channels]; 1 for channels that cannot be pruned.</summary>
    public Tensor GatesOf(Tensor gates, IReadOnlyList<int>? widths)
    {
        var parts = new Tensor[_segments.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var segment = _segments[i];
            parts[i] = segment.IsFixed
                ? ones([(long)segment.Channels], gates.dtype, gates.device)
                : gates.narrow(0, gateOffsets[segment.Index], widths is null ? segment.Channels : segment.WidthIn(widths));
        }
        return parts.Length == 1 ? parts[0] : cat(parts, 0);
    }

    private bool IsFull(IReadOnlyList<int>? widths)
    {
        if (widths is null)
            return true;
        foreach (var segment in _segments)
            if (segment.WidthIn(widths) != segment.Channels)
                return false;
        return true;
    }
}
