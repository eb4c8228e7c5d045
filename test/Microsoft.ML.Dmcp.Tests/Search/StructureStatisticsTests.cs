using System.Text.Json;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Tests.Channels;
using Microsoft.ML.Dmcp.Tests.Reference;

namespace Microsoft.ML.Dmcp.Tests.Search;

public class StructureStatisticsTests
{
    // Five standard errors: one comparison in 1.7 million is off by more.
    private const double Sigmas = 5;

    private static readonly NetworkDescription ResNet = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);

    [Fact]
    public void Probabilities_sum_to_one_and_their_mean_is_the_expected_width()
    {
        var statistics = Chain(ResNet).Statistics(ResNet, draws: 1, margin: 0.05, seed: 1);
        Assert.Equal(ResNet.Groups.Select(g => (g.Name, g.Channels)), statistics.Groups.Select(g => (g.Name, g.Channels)));
        Assert.All(statistics.Groups, g =>
        {
            Assert.Equal(1, g.Probabilities.Sum(), 1e-12);
            Assert.All(g.Probabilities, p => Assert.InRange(p, 0, 1));
            Assert.Equal(g.ExpectedWidth, g.Probabilities.Zip(g.Widths, (p, w) => p * w).Sum(), 1e-9);
            Assert.Equal(g.Widths.Order(), g.Widths);
            Assert.Equal(g.Channels, g.Widths[^1]);
        });
    }

    [Theory]
    [MemberData(nameof(MarkovModelTests.Layers), MemberType = typeof(MarkovModelTests))]
    public void The_expected_width_is_that_of_the_authors_release(int index)
    {
        var expected = Golden.Figures.MarkovLayer[index];
        var network = OneGroup(expected.Channels);
        var chain = new MarkovChain(
            [new ChannelBlocks(expected.Channels, expected.MinChannels, expected.GroupSize, expected.Groups)], [expected.Transition]);
        var group = new SearchedChain(chain, CostLimits.Of([(BudgetMetric.Flops, 1)], network))
            .Statistics(network, 1, 0, 1).Groups.Single();
        Assert.Equal(expected.ExpectedChannels, group.ExpectedWidth, 1e-6 * expected.ExpectedChannels);
        Assert.Equal(expected.Marginal[^1], group.Probabilities[^1], 1e-7);
    }

    [Fact]
    public void The_widths_of_drawn_structures_are_as_frequent_as_the_process_makes_them()
    {
        const int draws = 20_000;
        var statistics = Chain(ResNet).Statistics(ResNet, draws, 0.05, seed: 1);
        Assert.All(statistics.Groups, g =>
        {
            for (var k = 0; k < g.Widths.Count; k++)
            {
                var p = g.Probabilities[k];
                Assert.Equal(p, (double)g.SampledCounts[k] / draws, Sigmas * Math.Sqrt(p * (1 - p) / draws) + 1.0 / draws);
            }
        });
    }

    [Theory]
    [InlineData(BudgetMetric.Flops)]
    [InlineData(BudgetMetric.Parameters)]
    public void Every_draw_is_counted_once_and_those_in_the_budget_are_the_ones_that_cost_it(BudgetMetric metric)
    {
        const int draws = 2000;
        var limit = (long)(0.5 * CostLimit.CostOf(metric, ResNet, null).Count(ResNet.FullWidths));
        var statistics = Chain(ResNet, metric, limit).Statistics(ResNet, draws, 0.2, seed: 3);
        Assert.Equal(draws, statistics.Draws);
        Assert.Equal(draws, statistics.Parameters.Count);
        var near = (metric == BudgetMetric.Flops ? statistics.Flops : statistics.Parameters)
            .Count(c => c >= 0.8 * limit && c <= 1.2 * limit);
        Assert.InRange(near, 50, draws - 50);
        Assert.Equal(near, statistics.InBudgetDraws);
        Assert.All(statistics.Groups, g =>
        {
            Assert.Equal(draws, g.SampledCounts.Sum());
            Assert.Equal(near, g.InBudgetCounts.Sum());
            Assert.All(g.SampledCounts.Zip(g.InBudgetCounts), c => Assert.True(c.Second <= c.First));
        });
    }

    [Theory]
    [InlineData("resnet")]
    [InlineData("square")]
    public void The_mean_cost_of_drawn_structures_is_the_expectation_over_the_process(string name)
    {
        const int draws = 20_000;
        var network = name == "resnet" ? ResNet : Square();
        var statistics = Chain(network).Statistics(network, draws, 0.05, seed: 1);
        Assert.Equal(
            Expectation(NetworkCost.Flops(network), statistics), statistics.MeanFlops,
            Sigmas * statistics.FlopsDeviation / Math.Sqrt(draws));
        Assert.Equal(
            Expectation(NetworkCost.Parameters(network), statistics), statistics.MeanParameters,
            Sigmas * statistics.ParametersDeviation / Math.Sqrt(draws));
        Assert.True(statistics.FlopsDeviation > 0.01 * statistics.MeanFlops);
    }

    [Fact]
    public void The_same_seed_gives_the_same_statistics_and_another_seed_others()
    {
        string Text(int seed) => JsonSerializer.Serialize(Chain(ResNet).Statistics(ResNet, 100, 0.05, seed));
        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    [Fact]
    public void A_process_that_has_settled_draws_one_structure_and_none_in_a_budget_it_misses()
    {
        var blocks = ResNet.Groups.Select(g => ChannelBlocks.Divide(g.Channels, new WidthRange())).ToArray();
        var chain = new MarkovChain(
            blocks, blocks.Select(b => Enumerable.Range(0, b.Blocks).Select(k => k < 4 ? 1.0 : 0.0).ToArray()).ToArray());
        var widths = blocks.Select(b => b.WidthOf(4)).ToArray();
        var cost = NetworkCost.Flops(ResNet).Count(widths);
        var settled = new SearchedChain(chain, CostLimits.Of([(BudgetMetric.Flops, cost)], ResNet))
            .Statistics(ResNet, 10, margin: 0, seed: 1);
        Assert.All(settled.Flops, f => Assert.Equal(cost, f));
        Assert.Equal((10, cost, 0), (settled.InBudgetDraws, settled.MeanFlops, settled.FlopsDeviation));
        Assert.Equal(widths.Select(w => (double)w), settled.Groups.Select(g => g.ExpectedWidth));

        var missed = new SearchedChain(chain, CostLimits.Of([(BudgetMetric.Flops, 2 * cost)], ResNet))
            .Statistics(ResNet, 10, margin: 0.05, seed: 1);
        Assert.Equal(0, missed.InBudgetDraws);
        Assert.All(missed.Groups, g => Assert.All(g.InBudgetCounts, c => Assert.Equal(0, c)));
    }

    [Fact]
    public void A_group_too_narrow_to_be_pruned_has_its_one_width_for_certain()
    {
        var group = Chain(OneGroup(1)).Statistics(OneGroup(1), 7, 0.05, seed: 1).Groups.Single();
        Assert.Equal([1], group.Widths);
        Assert.Equal([1.0], group.Probabilities);
        Assert.Equal([7], group.SampledCounts);
        Assert.Equal(1, group.ExpectedWidth);
    }

    [Fact]
    public void A_search_gives_its_statistics_and_refuses_impossible_arguments()
    {
        var config = ChannelConfig.Of(ResNet, ResNet.FullWidths, new SearchMethod("dmcp", new Dictionary<string, string>()));
        var search = new DmcpSearchTransformer(new MLContext(seed: 1), new SearchedNetwork("Widths", config, ResNet), Chain(ResNet));
        Assert.Equal(3000, search.Statistics().Draws);
        Assert.Equal(search.Statistics(50, seed: 1).Flops, search.Statistics().Flops.Take(50));
        Assert.NotEqual(search.Statistics(50, seed: 2).Flops, search.Statistics(50).Flops);
        Assert.True(search.Statistics(margin: 0.05).InBudgetDraws < search.Statistics(margin: 0.3).InBudgetDraws);
        Assert.Throws<ArgumentOutOfRangeException>(() => search.Statistics(0));
        foreach (var tolerance in (double[])[-0.01, 1, double.NaN])
            Assert.Contains("[0, 1)", Assert.Throws<ArgumentOutOfRangeException>(() => search.Statistics(margin: tolerance)).Message);
    }

    /// <summary>
    /// The expectation of c + l·w + wᵀQw over independent groups: Eq. 12 takes E[w]² for E[w²] where a layer reads and makes channels of
    /// one group, so that Q_gg times the variance is missing. Q_gg is half of the second difference.
    /// </summary>
    private static double Expectation(NetworkCost cost, StructureStatistics statistics)
    {
        var widths = statistics.Groups.Select(g => g.Channels).ToArray();
        long At(int group, int more) => cost.Count(widths.Select((w, g) => g == group ? w + more : w).ToArray());
        static double Variance(GroupStatistics group) =>
            group.Probabilities.Zip(group.Widths, (p, w) => p * Math.Pow(w - group.ExpectedWidth, 2)).Sum();
        return cost.Expected(statistics.Groups.Select(g => g.ExpectedWidth).ToArray())
            + statistics.Groups.Select((group, g) => (At(g, 1) - 2 * At(g, 0) + At(g, -1)) / 2 * Variance(group)).Sum();
    }

    private static SearchedChain Chain(NetworkDescription network, BudgetMetric metric = BudgetMetric.Flops, long? limit = null)
    {
        var blocks = network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, new WidthRange())).ToArray();
        var transitions = blocks.Select(
            (b, g) => Enumerable.Range(0, b.Blocks).Select(k => 1 / (1 + Math.Exp(-1.5 - Golden.Alpha(g, k)))).ToArray()).ToArray();
        return new SearchedChain(
            new MarkovChain(blocks, transitions),
            CostLimits.Of([(metric, limit ?? CostLimit.CostOf(metric, network, null).Count(network.FullWidths) / 2)], network));
    }

    /// <summary>A shortcut over one convolution, which reads and makes channels of one group.</summary>
    private static NetworkDescription Square()
    {
        var net = new NetworkBuilder("square", 3, 8, 8, 2);
        var x = net.Conv(net.Input, 40, 3);
        x = net.Add(x, net.Conv(x, 40, 3));
        net.Linear(net.GlobalAveragePool(x), 2);
        return net.Build();
    }

    private static NetworkDescription OneGroup(int channels)
    {
        var net = new NetworkBuilder("one-group", 3, 8, 8, 2);
        net.Linear(net.GlobalAveragePool(net.Conv(net.Input, channels, 3)), 2);
        return net.Build();
    }
}
