using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Tests.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>A search of trained weights starts from what a global ranking of their channels says.</summary>
public sealed class RankedStartTests : IDisposable
{
    private const int Rounds = 4;

    private static readonly NetworkDescription Tiny =
        TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-ranked").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    public void The_first_channels_of_the_order_are_those_that_every_round_left(string name)
    {
        using var network = new SlimmableNetwork(SmallNetworks.Describe(name), CPU, new RandomSource(1));
        var description = network.Description;
        var allowed = new AllowedWidths(description, 1, GlobalRanking.Narrowest(description));
        var ranking = new GlobalRanking(
            allowed, Budget.FlopsRatio(0.4).For(description, allowed.Narrowest), description.FullWidths, perCost: false);
        RankedChannels After(int rounds) => RankedChannels.InRounds(
            network, description.AllChannels, ranking, (0, (double)rounds / Rounds), rounds, left => FilterImportance.Of(left, FilterCriterion.L1Norm));
        var all = After(Rounds);
        Assert.Equal(description.AllChannels, all.Order.Select(group => group.Order().ToArray()));
        for (var rounds = 1; rounds <= Rounds; rounds++)
        {
            var then = After(rounds);
            Assert.Equal(then.Kept, all.Order.Select((group, g) => group.Take(then.Widths[g]).Order().ToArray()));
        }
        Assert.NotEqual(description.FullWidths, all.Widths);
    }

    [Theory]
    [InlineData(TransitionKind.Sigmoid)]
    [InlineData(TransitionKind.Exponential)]
    public void Alpha_starts_around_the_given_widths_and_on_the_budget(TransitionKind kind)
    {
        var network = NetworkZoo.ResNet18().Describe(3, 64, 64, 10);
        using var model = new MarkovModel(network, new WidthRange(0.1, 1, 0.05), kind, ScalarType.Float32, CPU);
        var widths = network.FullWidths.Select((full, g) => (int)(full * (0.2 + 0.05 * g))).ToArray();
        var limits = Budget.Flops(NetworkCost.Flops(network).Count(widths)).For(network, model.Grid.MinWidths);
        model.Initialize(widths, limits);
        Assert.Equal(1, limits.Use(model.ExpectedWidthsOnHost()), 1e-3);
        Assert.All(model.ExpectedWidthsOnHost().Zip(widths, model.Blocks), group =>
            Assert.InRange(group.First, group.Second - 1.6 * group.Third.BlockSize, group.Second + 1.6 * group.Third.BlockSize));
        var (chain, random) = (model.Chain(), new RandomSource(1));
        var draws = Enumerable.Range(0, 300).Select(_ => chain.Draw(random)).ToArray();
        Assert.All(widths.Select((width, g) => (width, g)), group => Assert.InRange(
            draws.Count(draw => Math.Abs(draw[group.g] - group.width) <= 4 * model.Blocks[group.g].BlockSize), 270, 300));
    }

    [Fact]
    public void A_search_of_trained_weights_finds_the_ranked_widths_where_alpha_is_not_trained()
    {
        var (messages, weights) = (new List<string>(), Trained());
        using var run = new SearchRun(epochs: 2, images: 64, change: o => (o.WeightsPath, o.WarmUpShare) = (weights, 1), info: messages.Add);
        var found = run.Search.Run().Config.Groups.Select(g => g.Width);
        var start = messages.Single(m => m.Contains("global ranking", StringComparison.Ordinal));
        var ranked = start[(start.LastIndexOf(':') + 2)..^1].Split(' ').Select(int.Parse);
        Assert.All(found.Zip(ranked, run.Search.Model.Blocks), group =>
            Assert.InRange(Math.Abs(group.First - group.Second), 0, 2 * group.Third.BlockSize));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 0.5)]
    public void Without_a_ranking_alpha_starts_where_the_options_say(bool? ranks, double? alpha)
    {
        var (messages, weights) = (new List<string>(), Trained());
        using var run = new SearchRun(epochs: 1, images: 64, info: messages.Add, change: o =>
        {
            (o.WeightsPath, o.WarmUpShare, o.InitialAlpha) = (weights, 1, alpha);
            o.StartFromRanking = ranks is false ? false : null;
        });
        run.Search.Run();
        Assert.DoesNotContain(messages, m => m.Contains("global ranking", StringComparison.Ordinal));
        Assert.Single(run.Search.Model.AlphaOnHost().Cast<double>().Distinct());
    }

    [Fact]
    public void A_ranking_is_refused_where_no_weights_are_given_or_something_else_gives_alpha()
    {
        void Refused(Action<DmcpSearchOptions> change)
        {
            var options = new DmcpSearchOptions { Network = TestImages.Network, StartFromRanking = true };
            change(options);
            var error = Assert.Throws<ArgumentOutOfRangeException>(options.Check);
            Assert.Contains("StartFromRanking", error.Message);
        }
        Refused(_ => { });
        Refused(o => (o.WeightsPath, o.InitialAlpha) = ("weights", 0));
        Refused(o => (o.WeightsPath, o.InitialAlphaDeviation) = ("weights", 0.1));
    }

    [Fact]
    public void Given_weights_are_not_wrecked_by_networks_of_less_than_half_of_the_expected_widths()
    {
        var options = new DmcpSearchOptions { Network = TestImages.Network, WeightsPath = "weights", RandomSubNetworks = 50 };
        using var model = new MarkovModel(Tiny, options.RangeFor(Tiny), TransitionKind.Sigmoid, ScalarType.Float32, CPU);
        var narrowest = new AllowedWidths(Tiny, 1, model.Grid.MinWidths).Narrowest;
        model.Initialize(Tiny.FullWidths.Select(full => full / 2).ToArray(), Budget.FlopsRatio(0.3).For(Tiny, narrowest));
        var half = model.ExpectedWidthsOnHost().Select(width => width / 2).ToArray();
        var drawn = new SandwichRule(model, options, new RandomSource(1)).Draw(warmingUp: true, -1);
        Assert.All(drawn, widths => Assert.All(widths.Select((width, g) => (width, g)), group =>
            Assert.True(group.width >= half[group.g] - 0.5 * model.Blocks[group.g].BlockSize)));
        Assert.Equal(drawn[0], model.Grid.WidthsOf(0, half));
    }

    private string Trained()
    {
        var path = Path.Combine(_folder, "unpruned");
        TestSearches.Find("magnitude", o => o.CheckpointPath = path);
        return path;
    }
}
