namespace Microsoft.ML.Dmcp;

/// <summary>
/// How a group of channels is cut into blocks: the first <see cref="MinChannels"/> are always kept, and each α steers one block of
/// <see cref="BlockSize"/> channels ("we divide the channels into groups", 3.2 of the paper).
/// </summary>
/// <param name="Channels">Width in the unpruned network.</param>
/// <param name="MinChannels">Channels that are always kept.</param>
/// <param name="BlockSize">Channels in a block.</param>
/// <param name="Blocks">Number of blocks; 0 where the group is too narrow to be pruned.</param>
public readonly record struct ChannelBlocks(int Channels, int MinChannels, int BlockSize, int Blocks)
{
    /// <summary>
    /// Cuts a group as the authors' release does: blockSize = ⌊offset·C/max⌋, blocks = ⌊(max − min)/offset⌋, and the rest is always
    /// kept. Where a block would have no channel (C &lt; max/offset, which the release refuses), every block has one, and there are
    /// as many as leave ⌈C·min/max⌉.
    /// </summary>
    /// <param name="channels">Width in the unpruned network.</param>
    /// <param name="widths">The range of widths.</param>
    public static ChannelBlocks Divide(int channels, WidthRange widths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(widths);
        // 0.29 · 100 is 28.999999999999996 in doubles: what falls short of a whole number by rounding alone is that number.
        var blockSize = (int)(widths.Offset * channels / widths.Max * (1 + 1e-9));
        var blocks = (int)((widths.Max - widths.Min) / widths.Offset + 1e-4);
        if (blockSize == 0)
        {
            blockSize = 1;
            blocks = Math.Min(blocks, channels - (int)Math.Ceiling(channels * widths.Min / widths.Max));
        }
        // A range whose Min is nearly 0 would leave no channel at all.
        blocks = Math.Min(blocks, (channels - 1) / blockSize);
        return new ChannelBlocks(channels, channels - blocks * blockSize, blockSize, blocks);
    }

    /// <summary>Width with so many blocks kept.</summary>
    internal int WidthOf(int keptBlocks) => MinChannels + keptBlocks * BlockSize;

    /// <summary>How many blocks make up a width, not rounded.</summary>
    internal double BlocksIn(double width) => (width - MinChannels) / BlockSize;

    /// <summary>Blocks kept at a width that the group can have.</summary>
    internal int KeptBlocks(int width) => (width - MinChannels) / BlockSize;
}
