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
    /// <param name="share">Of all blocks, or of those above the narrowest widths.</param>
    /// <param name="narrowest">Widths of which all blocks are kept; null for those of the grid.</param>
    public int[] WidthsOf(double share, IReadOnlyList<double>? narrowest = null) => Blocks.Select((b, g) =>
    {
        var least = narrowest is null ? 0 : Math.Clamp((int)Math.Round(b.BlocksIn(narrowest[g])), 0, b.Blocks);
        return b.WidthOf(least + (int)Math.Ceiling(share * (b.Blocks - least)));
    }).ToArray();

    /// <summary>A width of every group, uniform over those it can have.</summary>
    /// <param name="random">Draws it.</param>
    /// <param name="least">The narrowest widths, of the grid.</param>
    public int[] DrawUniform(RandomSource random, IReadOnlyList<int> least) =>
        Blocks.Select((b, g) => b.WidthOf(b.KeptBlocks(least[g]) + random.NextInt32(b.Blocks - b.KeptBlocks(least[g]) + 1))).ToArray();

    /// <summary>Widths of one ratio, drawn uniformly over the steps of the group that has most.</summary>
    public int[] DrawRatio(RandomSource random)
    {
        var steps = Blocks.Select(b => b.Blocks).Append(1).Max();
        var kept = random.NextInt32(steps + 1);
        return Blocks.Select(b => b.WidthOf((int)Math.Round((double)kept * b.Blocks / steps))).ToArray();
    }
}
