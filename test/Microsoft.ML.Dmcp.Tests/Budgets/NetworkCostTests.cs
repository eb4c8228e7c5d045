using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Tests.Networks;

namespace Microsoft.ML.Dmcp.Tests.Budgets;

public class NetworkCostTests
{
    [Fact]
    public void Whole_widths_cost_the_same_as_integers_and_as_numbers()
    {
        foreach (var name in (string[])["residual", "inverted", "dense", "squeeze"])
        {
            var network = SmallNetworks.Describe(name);
            foreach (var cost in (NetworkCost[])[NetworkCost.Flops(network), NetworkCost.Parameters(network)])
            {
                var widths = network.Groups.Select(g => Math.Max(1, g.Channels - 2)).ToArray();
                Assert.Equal(cost.Count(widths), cost.Expected(widths.Select(w => (double)w).ToArray()));
            }
        }
    }

    [Fact]
    public void A_cost_beyond_32_bits_is_counted_whole()
    {
        var wide = new NetworkArchitecture("wide", net => net.Linear(net.Flatten(net.Conv(net.Input, 4096, 3)), net.Classes));
        var network = wide.Describe(3, 256, 256, 100);
        const long positions = 256 * 256;
        Assert.Equal(positions * 4096 * 27 + positions * 4096 * 100 + 100, NetworkCost.Flops(network).Count(network.FullWidths));
    }

    [Fact]
    public void A_metric_that_nobody_counts_is_refused_and_not_taken_for_parameters()
    {
        var unknown = (BudgetMetric)17;
        Assert.Throws<ArgumentOutOfRangeException>(() => CostLimit.CostOf(unknown, SmallNetworks.Describe("plain"), null));
        Assert.Throws<ArgumentOutOfRangeException>(() => unknown.Unit());
    }

    [Theory]
    [InlineData(0.005, "The budget of 0.005 MFLOPs is below the narrowest")]
    [InlineData(0.5, "The budget of 0.5 MFLOPs is above the unpruned")]
    public void The_budgets_that_a_small_network_can_have_are_named_in_order_and_with_digits_enough(double mflops, string message)
    {
        // Depth-wise layers leave little to prune.
        var network = new NetworkArchitecture("thin", net =>
        {
            var x = net.DepthwiseConv(net.DepthwiseConv(net.DepthwiseConv(net.Input, 3), 3), 3);
            net.Linear(net.GlobalAveragePool(net.Conv(x, 10, 1)), net.Classes);
        }).Describe(3, 12, 12, 4);
        var error = Assert.Throws<BudgetOutOfReachException>(() => Budget.MFlops(mflops).For(network, [2]));
        Assert.StartsWith($"{message} network 'thin' at 12x12 pixels: give one from 0.013 to 0.016 MFLOPs, ", error.Message);
    }

    [Fact]
    public void A_budget_in_single_operations_is_kept_to_the_last_one()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        var narrow = network.Groups.Select(_ => 1).ToArray();
        foreach (var most in (long[])[16_100_000, 16_100_001, 20_399_999, 20_400_001])
            Assert.Equal(most, Assert.Single(Budget.Flops(most).For(network, narrow).Items).Most);
        Assert.Equal(33_300_000, Assert.Single(Budget.MFlops(33.3).For(network, narrow).Items).Most);
        Assert.Equal(150_001, Assert.Single(Budget.Parameters(150_001).For(network, narrow).Items).Most);
        Assert.Equal("20.4 MFLOPs and 0.15 Mparameters", $"{Budget.Flops(20_400_000).And(Budget.Parameters(150_000))}");
    }

    [Fact]
    public void The_named_ends_of_the_budgets_are_budgets()
    {
        var network = SmallNetworks.Describe("inverted");
        var narrow = network.Groups.Select(g => g.Channels - 1).ToArray();
        var message = Assert.Throws<BudgetOutOfReachException>(() => Budget.MFlops(1e-6).For(network, narrow)).Message;
        var numbers = message[message.IndexOf("from", StringComparison.Ordinal)..].Split(' ');
        foreach (var end in (string[])[numbers[1], numbers[3]])
            Assert.NotEmpty(Budget.MFlops(double.Parse(end, System.Globalization.CultureInfo.InvariantCulture)).For(network, narrow).Items);
    }
}
