using Microsoft.ML.Dmcp.Tests.Reference;

namespace Microsoft.ML.Dmcp.Tests.Channels;

public class ChannelBlocksTests
{
    public static TheoryData<int> Layers => new(Enumerable.Range(0, Golden.Figures.MarkovLayer.Count));

    [Theory]
    [MemberData(nameof(Layers))]
    public void Channels_are_cut_into_blocks_as_in_the_authors_release(int index)
    {
        var expected = Golden.Figures.MarkovLayer[index];
        var blocks = ChannelBlocks.Divide(expected.Channels, new WidthRange(expected.Widths[0], expected.Widths[1], expected.Widths[2]));
        Assert.Equal((expected.MinChannels, expected.GroupSize, expected.Groups), (blocks.MinChannels, blocks.BlockSize, blocks.Blocks));
    }

    [Fact]
    public void A_block_does_not_lose_a_channel_to_the_rounding_of_a_product()
    {
        Assert.True(0.29 * 100 < 29);
        var blocks = ChannelBlocks.Divide(100, new WidthRange(0.1, 1, 0.29));
        Assert.Equal((29, 3, 13), (blocks.BlockSize, blocks.Blocks, blocks.MinChannels));
    }

    [Theory, InlineData(1.0), InlineData(1.5)]
    public void Steps_of_a_tenth_cut_every_width_as_the_authors_release_does(double max)
    {
        for (var channels = 1; channels <= 4096; channels++)
        {
            var release = (int)(0.1 * channels / max);
            Assert.Equal(Math.Max(1, release), ChannelBlocks.Divide(channels, new WidthRange(0.1, max, 0.1)).BlockSize);
        }
    }

    [Fact]
    public void Every_width_of_a_group_keeps_at_least_one_channel_and_the_blocks_fill_it_exactly()
    {
        WidthRange[] ranges = [new(0.1, 1, 0.1), new(0.1, 1.5, 0.1), new(0.25, 1, 0.25), new(0.5, 2, 0.05), new(1e-6, 1, 0.1)];
        foreach (var range in ranges)
        {
            for (var channels = 1; channels <= 300; channels++)
            {
                var blocks = ChannelBlocks.Divide(channels, range);
                Assert.InRange(blocks.MinChannels, 1, channels);
                Assert.Equal(channels, blocks.MinChannels + blocks.BlockSize * blocks.Blocks);
            }
        }
    }

    [Theory]
    [InlineData(0, 1, 0.1)]
    [InlineData(1, 1, 0.1)]
    [InlineData(0.1, 1, 0)]
    [InlineData(0.1, 1, 2)]
    [InlineData(double.NaN, 1, 0.1)]
    public void An_impossible_range_of_widths_is_refused_with_the_range_in_the_message(double min, double max, double offset)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new WidthRange(min, max, offset));
        Assert.Contains("0 < min < max", error.Message);
    }
}
