using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Pruning of filters by their importance: at once, softly during training, with given weights and shares.</summary>
public sealed class FilterPruningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-filters").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Soft_pruning_zeroes_channels_after_every_epoch_lets_them_come_back_and_does_not_throw_training_back()
    {
        var zeroShares = new List<double>();
        var norms = new List<double>();
        var losses = new List<double>();
        SlimmableNetwork? network = null;
        var options = TestSearches.Options("sfp");
        var description = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var norm = description.Layers.OfType<BatchNormLayer>().First().Name + ".weight";
        options.MetricsCallback = p =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            if (p.EndsEpoch)
                losses.Add(p.Loss);
            if (!p.EndsEpoch && p.Batch != 1)
                return;
            var state = network!.state_dict();
            zeroShares.Add(state[norm].eq(0).to(ScalarType.Float64).mean().ToDouble());
            norms.Add(state["conv1.weight"].square().sum([1, 2, 3]).sqrt().max().ToDouble());
        };
        using var batches = TestSearches.Start(options, out var search);
        using var searching = search;
        network = search.Network;
        var kept = search.Run().Config.Groups[0];
        // At the end of every epoch as many as the budget takes, fewer after the first step of the next.
        Assert.All(zeroShares.Where((_, i) => i % 2 == 1), z => Assert.Equal(1 - (double)kept.Width / kept.Channels, z, 1e-9));
        Assert.All(zeroShares.Where((_, i) => i % 2 == 0).Skip(1), z => Assert.True(z < 1 - (double)kept.Width / kept.Channels));
        Assert.All(norms, n => Assert.InRange(n, 0, 3 * norms[0]));
        Assert.True(losses[^1] < losses[0], string.Join(' ', losses));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("squeeze")]
    [InlineData("mixed")]
    public void What_soft_pruning_takes_out_in_the_end_changes_no_score(string network)
    {
        var options = TestSearches.Options("sfp");
        options.Network = SmallNetworks.Find(network);
        using var batches = TestSearches.Start(options, out var search);
        using var searching = search;
        var kept = search.Run().Config.Groups.Select(g => g.Kept!).ToArray();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pruned = search.Network.Slice(kept);
        var images = Noise.Normal(11, 8, 3, TestImages.Size, TestImages.Size).to(ScalarType.Float32);
        var expected = search.Network.Run(images, new NetworkPass(NormStatistics.Running));
        var actual = pruned.Run(images, new NetworkPass(NormStatistics.Running));
        Assert.InRange(expected.sub(actual).abs().max().ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void Given_weights_are_ranked_as_they_are_and_given_shares_are_kept()
    {
        var trained = TestSearches.Options("magnitude");
        trained.CheckpointPath = Path.Combine(_folder, "weights");
        var first = (FilterPruningOptions)TestSearches.Options("magnitude");
        string Config(ChannelSearchOptions options)
        {
            using var batches = TestSearches.Start(options, out var search);
            using var searching = search;
            return string.Join(';', search.Run().Config.Groups.Select(g => string.Join(',', g.Kept!)));
        }
        var expected = Config(trained);
        first.WeightsPath = trained.CheckpointPath;
        first.NumberOfEpochs = 1;
        Assert.Equal(expected, Config(first));
        first.KeepShares = new Dictionary<string, double> { ["conv1"] = 0.25, ["conv4"] = 0.4, ["conv7"] = 0.5 };
        Assert.Equal([3, 8, 10], Config(first).Split(';').Select(g => g.Split(',').Length));
        first.KeepShares = new Dictionary<string, double> { ["conv99"] = 0.25 };
        Assert.Contains("conv99", Assert.Throws<ArgumentOutOfRangeException>(() => Config(first)).Message);
        first.KeepShares = new Dictionary<string, double> { ["conv1"] = 0.99 };
        Assert.Contains("KeepShares", Assert.Throws<ArgumentOutOfRangeException>(() => Config(first)).Message);
    }

    [Fact]
    public void Kept_channels_that_cannot_be_are_refused()
    {
        var network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var method = new SearchMethod("test", new Dictionary<string, string>());
        Assert.Equal([1, 5], ChannelConfig.OfKept(network, [[1, 5], [0], [3]], method).Groups[0].Kept!);
        foreach (var wrong in (int[][])[[5, 1], [1, 1], [-1, 2], [0, 12]])
            Assert.Contains(
                "conv1", Assert.Throws<ArgumentException>(() => ChannelConfig.OfKept(network, [wrong, [0], [3]], method)).Message);
        var narrowed = ChannelConfig.OfKept(network, [[1, 5], [0], [3]], method);
        narrowed = narrowed with { Groups = [narrowed.Groups[0] with { Width = 1 }, .. narrowed.Groups.Skip(1)] };
        Assert.Contains("conv1", Assert.Throws<FormatException>(() => ChannelConfig.FromJson(narrowed.ToJson())).Message);
        Assert.Contains("conv1", Assert.Throws<ArgumentException>(() => narrowed.KeptFor(network)).Message);
    }
}
