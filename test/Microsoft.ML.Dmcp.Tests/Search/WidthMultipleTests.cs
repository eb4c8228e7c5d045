using CsCheck;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dais;
using Microsoft.ML.Dmcp.Search.Dmcp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Widths that are multiples of 8 or 16, as fast kernels want them.</summary>
public class WidthMultipleTests
{
    private static readonly NetworkDescription ResNet = NetworkZoo.ResNet18().Describe(3, 64, 64, 10);

    public static TheoryData<string> MethodsThatTrain => new(TestSearches.Names);

    [Theory]
    [MemberData(nameof(MethodsThatTrain))]
    public void Every_method_finds_multiples_within_the_budget_and_says_so_in_its_config(string name)
    {
        var config = ChannelConfig.FromJson(TestSearches.Find(name, o =>
        {
            o.NumberOfEpochs = 3;
            o.WidthMultiple = 4;
            o.Budget = Budget.FlopsRatio(0.6);
        }));
        Assert.All(config.Groups, g => Assert.Equal(0, g.Width % 4));
        Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.35, 0.6);
        Assert.Equal("4", config.Method.Settings["widthMultiple"]);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("mobilenetv2")]
    [InlineData("densenet121")]
    public void Uniform_widths_of_the_papers_networks_are_multiples_and_use_the_budget(string name)
    {
        var network = NetworkZoo.Find(name).Describe(3, 64, 64, 10);
        foreach (var multiple in (int[])[8, 16])
            for (var ratio = 0.25; ratio < 1; ratio += 0.25)
            {
                var config = UniformScaling.Find(network, Budget.FlopsRatio(ratio), multiple);
                Assert.All(config.Groups, g => Assert.True(g.Width % multiple == 0 || g.Width == g.Channels));
                Assert.All(config.Groups, g => Assert.True(g.Width % multiple == 0 || g.Channels < multiple));
                Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.95 * ratio, ratio);
            }
    }

    [Fact]
    public void Expected_sampling_gives_multiples_within_the_budget_and_uses_it_whatever_alpha_is()
    {
        using var model = new MarkovModel(ResNet, new WidthRange(), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        var multiples = Gen.OneOf(1, 3, 8, 16);
        var budgets = Gen.OneOf(Budget.FlopsRatio(0.3), Budget.FlopsRatio(0.8), Budget.FlopsRatio(0.5).And(Budget.ParametersRatio(0.4)));
        Gen.Select(multiples, budgets, Gen.Double[-3, 3].Array[(int)model.Alpha.numel()]).Check(40, (multiple, budget, alpha) =>
        {
            var allowed = new AllowedWidths(ResNet, multiple, model.Grid.MinWidths);
            var limits = budget.For(ResNet, allowed.Narrowest);
            using (no_grad())
            using (NewDisposeScope())
                model.Alpha.copy_(tensor(alpha, model.Alpha.shape));
            var (widths, _) = ExpectedSampling.Sample(model, allowed, limits);
            ResNet.CheckWidths(widths);
            Assert.All(widths, w => Assert.Equal(0, w % multiple));
            Assert.All(widths.Zip(model.Grid.MinWidths), w => Assert.True(w.First >= w.Second));
            Assert.True(limits.Hold(widths));
            Assert.InRange(limits.Use(widths), 0.95, 1);
        });
    }

    [Fact]
    public void Chosen_channels_are_as_many_as_allowed_and_the_strongest_of_their_group()
    {
        var allowed = new AllowedWidths(ResNet, 16);
        var limits = Budget.FlopsRatio(0.4).For(ResNet, allowed.Narrowest);
        Gen.Double[-2, 2].Array[ResNet.FullWidths.Sum()].Check(10, indicators =>
        {
            var rest = new Queue<double>(indicators);
            var beta = ResNet.Groups.Select(g => Enumerable.Range(0, g.Channels).Select(_ => rest.Dequeue()).ToArray()).ToArray();
            var (kept, _) = IndicatorThreshold.Keep(beta, allowed, limits, leastUse: 0.95);
            var widths = IndicatorThreshold.Widths(kept);
            Assert.All(widths, w => Assert.Equal(0, w % 16));
            Assert.True(limits.Hold(widths));
            Assert.InRange(limits.Use(widths), 0.9, 1);
            for (var g = 0; g < kept.Length; g++)
                Assert.True(kept[g].Min(c => beta[g][c]) >= Enumerable.Range(0, beta[g].Length).Except(kept[g]).Max(c => beta[g][c]));
        });
    }

    [Fact]
    public void A_group_that_is_narrower_than_the_multiple_keeps_all_its_channels_and_no_group_vanishes()
    {
        var network = new NetworkArchitecture("narrow", net =>
        {
            var x = net.Conv(net.Conv(net.Conv(net.Input, 5, 3), 16, 3), 20, 3);
            net.Linear(net.GlobalAveragePool(x), net.Classes);
        }).Describe(3, 12, 12, 4);
        Assert.Equal([5, 8, 8], new AllowedWidths(network, 8).Narrowest);
        Assert.Equal([5, 16, 16], new AllowedWidths(network, 8).Widest);
        Assert.Equal([5, 8, 16], new AllowedWidths(network, 8).Round([0.1, 0.1, 19.9]));
        Assert.Equal(network.FullWidths, new AllowedWidths(network, int.MaxValue).Narrowest);
        Assert.Equal(network.FullWidths, new AllowedWidths(network).Widest);
    }

    [Fact]
    public void Structures_drawn_from_a_search_are_multiples_as_its_result_is()
    {
        using var model = new MarkovModel(ResNet, new WidthRange(), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        var limits = Budget.FlopsRatio(0.5).For(ResNet, model.Grid.MinWidths);
        using (no_grad())
            model.Initialize(model.AlphaThatMeets(limits), 0, new Microsoft.ML.Dmcp.Runs.RandomSource(1));
        var searched = new SearchMethod("dmcp", new Dictionary<string, string> { ["widthMultiple"] = "16" });
        var drawn = new SearchedChain(model.Chain(), limits).Sample(ResNet, searched, count: 5, tolerance: 0.2, maxDraws: 10_000, seed: 1);
        Assert.All(drawn, config => Assert.All(config.Groups, g => Assert.Equal(0, g.Width % 16)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    public void A_multiple_below_one_is_refused(int multiple)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => UniformScaling.Find(ResNet, Budget.FlopsRatio(0.5), multiple));
        var uniform = TestSearches.Uniform();
        uniform.WidthMultiple = multiple;
        Assert.Equal("WidthMultiple", Assert.Throws<ArgumentOutOfRangeException>(uniform.Check).ParamName);
        foreach (var name in TestSearches.Names)
        {
            var options = TestSearches.Options(name);
            options.WidthMultiple = multiple;
            var error = Assert.Throws<ArgumentOutOfRangeException>(options.Check);
            Assert.Contains($"WidthMultiple is {multiple}; needed is 1 or more, such as 8 or 16.", error.Message);
        }
    }

    [Fact]
    public void A_budget_that_the_multiple_puts_out_of_reach_is_refused_with_the_range_that_can_be_reached()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        var error = Assert.Throws<BudgetOutOfReachException>(() => UniformScaling.Find(network, Budget.FlopsRatio(0.05), 16));
        Assert.Contains("WidthMultiple", error.Message);
    }
}
