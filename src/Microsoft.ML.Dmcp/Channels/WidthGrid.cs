using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>The widths that a search may give the channel groups of a network: the narrowest, and so many blocks more.</summary>
internal sealed class WidthGrid
{
    /// <param name="network">The unpruned network.</param>
    /// <param name="widths">The range of widths.</param>
    public WidthGrid(NetworkDescription network, WidthRange widths) =>
        Blocks = network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, widths)).ToArray();

    /// <summary>How each group is cut into blocks.</summary>
    public IReadOnlyList<ChannelBlocks> Blocks { get; }

    /// <summary>The narrowest widths.</summary>
    public int[] MinWidths => Blocks.Select(b => b.MinChannels).ToArray();

    /// <summary>The widths at which so large a share of the blocks is kept, or a little more.</summary>
    public int[] WidthsOf(double share) => Blocks.Select(b => b.WidthOf(KeptAt(b, share))).ToArray();

    /// <summary>A width of every group, uniform over those it can have.</summary>
    /// <param name="random">Draws it.</param>
    /// <param name="least">Share of the blocks that are always kept.</param>
    public int[] DrawUniform(RandomSource random, double least = 0) =>
        Blocks.Select(b => DrawUniform(b, random, KeptAt(b, least))).ToArray();

    /// <summary>Widths of one ratio, drawn uniformly over the steps of the group that has most.</summary>
    public int[] DrawRatio(RandomSource random)
    {
        var steps = Blocks.Select(b => b.Blocks).Append(1).Max();
        var kept = random.NextInt32(steps + 1);
        return Blocks.Select(b => b.WidthOf((int)Math.Round((double)kept * b.Blocks / steps))).ToArray();
    }

    private static int KeptAt(ChannelBlocks blocks, double share) => (int)Math.Ceiling(share * blocks.Blocks);

    private static int DrawUniform(ChannelBlocks blocks, RandomSource random, int least) =>
        blocks.WidthOf(least + random.NextInt32(blocks.Blocks - least + 1));
}
