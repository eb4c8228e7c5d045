using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// The part of a weight that belongs to a value's channels at given widths: the first channels of every group segment, followed by
/// zeros up to a multiple of the alignment. Channels of zeros change nothing, since whoever reads them has zeros for them in its weight;
/// but libtorch's channels-last batch norm is ten and more times slower when the channels do not fill its vector registers.
/// </summary>
/// <param name="shape">The value's channels in the unpruned network.</param>
/// <param name="gateOffsets">Where each group's channels begin in the vector of gates.</param>
/// <param name="alignment">Multiple of channels in which groups are computed.</param>
internal sealed class ChannelSlices(ValueShape shape, IReadOnlyList<int> gateOffsets, int alignment)
{
    private readonly ChannelGroup[] _segments = shape.Segments.ToArray();
    private readonly int _features = shape.FeaturesPerChannel;

    /// <summary>
    /// Entries of <paramref name="weight"/> along <paramref name="dimension"/> that are kept; the weight itself when all are.
    /// </summary>
    public Tensor Take(Tensor weight, int dimension, IReadOnlyList<int>? widths)
    {
        if (IsWhole(widths))
            return weight;
        var parts = new Tensor[_segments.Length];
        long offset = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var (kept, padded) = Widths(_segments[i], widths);
            parts[i] = Pad(weight.narrow(dimension, offset, (long)kept * _features), dimension, (long)(padded - kept) * _features);
            offset += (long)_segments[i].Channels * _features;
        }
        return parts.Length == 1 ? parts[0] : cat(parts, dimension);
    }

    /// <summary>
    /// Entries of a weight [outputs, inputs, ...] that are kept along both. What is left out is not copied, and zeros come in one copy.
    /// </summary>
    public static Tensor TakeBlock(Tensor weight, ChannelSlices output, ChannelSlices input, IReadOnlyList<int>? widths)
    {
        if (output._segments.Length > 1 || input._segments.Length > 1)
            return input.Take(output.Take(weight, 0, widths), 1, widths);
        var (outputs, inputs) = (Widths(output), Widths(input));
        var amounts = new long[2 * weight.dim()];
        (amounts[^1], amounts[^3]) = (outputs.Padded - outputs.Kept, inputs.Padded - inputs.Kept);
        var part = Cut(Cut(weight, 0, outputs.Kept), 1, inputs.Kept);
        return amounts[^1] + amounts[^3] == 0 ? part : nn.functional.pad(part, amounts);

        (long Kept, long Padded) Widths(ChannelSlices slices)
        {
            var (kept, padded) = slices.Widths(slices._segments[0], widths);
            return ((long)kept * slices._features, (long)padded * slices._features);
        }

        static Tensor Cut(Tensor whole, int dimension, long kept) =>
            kept == whole.shape[dimension] ? whole : whole.narrow(dimension, 0, kept);
    }

    /// <summary>Entries of what <see cref="Take"/> gives.</summary>
    public long Length(IReadOnlyList<int>? widths)
    {
        long length = 0;
        foreach (var segment in _segments)
            length += (long)Widths(segment, widths).Padded * _features;
        return length;
    }

    /// <summary>
    /// Whether <see cref="Take"/> returns a copy, which has to be written back with <see cref="Put"/> after a change in place.
    /// </summary>
    public bool Copies(IReadOnlyList<int>? widths) =>
        !IsWhole(widths) && (_segments.Length > 1 || Widths(_segments[0], widths) is var (kept, padded) && kept != padded);

    /// <summary>Writes what <see cref="Take"/> gave back into the vector.</summary>
    public void Put(Tensor vector, Tensor values, IReadOnlyList<int>? widths)
    {
        foreach (var (whole, part) in Pairs(vector, values, 0, widths))
            whole.copy_(part);
    }

    /// <summary>The kept entries of a weight beside those of what <see cref="Take"/> gave, segment by segment.</summary>
    public IEnumerable<(Tensor Whole, Tensor Part)> Pairs(Tensor weight, Tensor taken, int dimension, IReadOnlyList<int>? widths)
    {
        long target = 0, source = 0;
        foreach (var segment in _segments)
        {
            var (kept, padded) = Widths(segment, widths);
            var length = (long)kept * _features;
            yield return (weight.narrow(dimension, target * _features, length), taken.narrow(dimension, source * _features, length));
            target += segment.Channels;
            source += padded;
        }
    }

    /// <summary>A value without the channels that only pad it.</summary>
    public Tensor Unpad(Tensor value, int dimension, IReadOnlyList<int>? widths)
    {
        var parts = new Tensor[_segments.Length];
        long offset = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var (kept, padded) = Widths(_segments[i], widths);
            parts[i] = value.narrow(dimension, offset, (long)kept * _features);
            offset += (long)padded * _features;
        }
        return parts.Length == 1 ? parts[0] : cat(parts, dimension);
    }

    /// <summary>The gates of the kept channels, [channels]; 1 for channels that cannot be pruned.</summary>
    public Tensor GatesOf(Tensor gates, IReadOnlyList<int>? widths)
    {
        var parts = new Tensor[_segments.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var segment = _segments[i];
            var (kept, padded) = Widths(segment, widths);
            parts[i] = segment.IsFixed
                ? ones([(long)segment.Channels], gates.dtype, gates.device)
                : Pad(gates.narrow(0, gateOffsets[segment.Index], kept), 0, padded - kept);
        }
        return parts.Length == 1 ? parts[0] : cat(parts, 0);
    }

    /// <summary>Channels that are kept, and channels that are computed. Those of the image and of the classes are as they are.</summary>
    private (int Kept, int Padded) Widths(ChannelGroup segment, IReadOnlyList<int>? widths)
    {
        if (segment.IsFixed)
            return (segment.Channels, segment.Channels);
        var kept = widths is null ? segment.Channels : widths[segment.Index];
        return (kept, (kept + alignment - 1) / alignment * alignment);
    }

    /// <summary>Whether <see cref="Take"/> gives the weight itself.</summary>
    public bool IsWhole(IReadOnlyList<int>? widths)
    {
        foreach (var segment in _segments)
            if (Widths(segment, widths).Padded != segment.Channels || Widths(segment, widths).Kept != segment.Channels)
                return false;
        return true;
    }

    private static Tensor Pad(Tensor part, int dimension, long zeros)
    {
        if (zeros == 0)
            return part;
        // Pairs of (before, after), the last dimension first.
        var amounts = new long[2 * (part.dim() - dimension)];
        amounts[^1] = zeros;
        return nn.functional.pad(part, amounts);
    }
}
