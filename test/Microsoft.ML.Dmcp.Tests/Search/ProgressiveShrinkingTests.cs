using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Given weights meet the narrowest network at the end of the warm-up, not in the first iteration.</summary>
public class ProgressiveShrinkingTests
{
    private static readonly NetworkDescription Network =
        TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);

    [Fact]
    public void The_narrowest_network_shrinks_from_the_full_widths_to_its_own_in_the_warm_up_and_stays_there()
    {
        var options = new DmcpSearchOptions { WeightsPath = "weights" };
        var grid = new WidthGrid(Network, options.RangeFor(Network));
        Assert.Equal(Network.FullWidths, grid.WidthsOf(options.LeastShare(0, 100)));
        Assert.Equal(grid.MinWidths, grid.WidthsOf(options.LeastShare(70, 100)));
        Assert.Equal(0, options.LeastShare(1000, 100));
        for (var iteration = 1; iteration < 100; iteration++)
            Assert.True(options.LeastShare(iteration, 100) <= options.LeastShare(iteration - 1, 100));
    }

    [Fact]
    public void No_random_network_is_narrower_than_the_narrowest_of_its_iteration()
    {
        var grid = new WidthGrid(Network, new WidthRange());
        var random = new RandomSource(1);
        foreach (var least in (double[])[0, 0.3, 0.5, 1])
            for (var draw = 0; draw < 50; draw++)
                Assert.All(grid.DrawUniform(random, grid.WidthsOf(least)).Zip(grid.WidthsOf(least)), w => Assert.True(w.First >= w.Second));
    }

    [Theory]
    [InlineData(null, null, 0.0)]
    [InlineData(null, true, 1.0)]
    [InlineData("weights", null, 1.0)]
    [InlineData("weights", false, 0.0)]
    public void Fresh_weights_are_trained_at_all_widths_from_the_start_as_in_the_paper(string? weights, bool? shrinks, double least) =>
        Assert.Equal(least, new DmcpSearchOptions { WeightsPath = weights, ProgressiveShrinking = shrinks }.LeastShare(0, 100));

    [Fact]
    public void A_search_without_a_warm_up_does_not_shrink() =>
        Assert.Equal(0, new DmcpSearchOptions { WeightsPath = "weights" }.LeastShare(0, 0));
}
