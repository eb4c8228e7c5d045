using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Tests.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Retraining;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Given weights keep their best channels where the first ones are kept.</summary>
public sealed class SortedChannelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-sorted").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("squeeze")]
    [InlineData("mixed")]
    public void Sorting_the_channels_changes_no_score_and_puts_the_most_important_first(string name)
    {
        using var network = new SlimmableNetwork(SmallNetworks.Describe(name), CPU, new RandomSource(1));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Running statistics that differ from channel to channel.
        var images = Noise.Normal(11, 8, 3, 12, 12).to(ScalarType.Float32);
        network.Run(images, new NetworkPass(NormStatistics.BatchTracked, Momentum: 1));
        var before = network.Run(images, new NetworkPass(NormStatistics.Running)).clone();
        ChannelOrder.Sort(network, FilterImportance.Of(network, FilterCriterion.L1Norm));
        var after = network.Run(images, new NetworkPass(NormStatistics.Running));
        Assert.InRange(before.sub(after).abs().max().ToDouble(), 0, 1e-5 * before.abs().max().ToDouble());
        foreach (var scores in FilterImportance.Of(network, FilterCriterion.L1Norm))
            Assert.All(scores.Zip(scores.Skip(1)), pair => Assert.True(pair.First >= pair.Second - 1e-6));
    }

    [Fact]
    public void Weights_of_one_network_are_sorted_and_those_of_a_slimmable_one_keep_their_order()
    {
        var plain = Path.Combine(_folder, "plain");
        TestSearches.Find("magnitude", o => o.CheckpointPath = plain);
        Assert.True(IsSorted(plain, null));
        Assert.False(IsSorted(plain, false));
        var slimmable = Path.Combine(_folder, "slimmable");
        TestSearches.Find("dmcp", o => o.CheckpointPath = slimmable);
        Assert.False(IsSorted(slimmable, null));
        Assert.True(IsSorted(slimmable, true));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(false, false)]
    public void Cutting_a_trained_network_keeps_its_best_channels_without_a_search_too(bool? sorts, bool keepsTheBest)
    {
        var network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var weights = Path.Combine(_folder, "unpruned");
        using var whole = new SlimmableNetwork(network, CPU, new RandomSource(1));
        using (no_grad())
            // The last channel of the first layer outweighs all others.
            whole.state_dict()[network.Layers.OfType<BatchNormLayer>().First().Name + ".weight"][-1].fill_(100);
        CheckpointFile.Write(
            weights,
            CheckpointIdentity.Of(
                CheckpointIdentity.Retraining, 1, network, TestImages.Set(8, 1), new Dictionary<string, string>(), null),
            whole.SaveWeights);
        var set = TestImages.Set(64, seed: 1);
        using var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var plan = new RetrainPlan(
            network, RetrainingTests.First(UniformScaling.Find(network, Budget.FlopsRatio(0.5)).WidthsFor(network)),
            RetrainMethod.Calibration, weights, SortChannels: sorts);
        using var cut = new Retrainer(plan, new TestTrainingOptions(), new ImageBatches(set, batches, 16), 1, RunLog.None).Run();
        var factors = cut.state_dict()[network.Layers.OfType<BatchNormLayer>().First().Name + ".weight"];
        Assert.Equal(keepsTheBest, factors.max().ToDouble() > 99);
    }

    private static bool IsSorted(string weights, bool? sorts)
    {
        var messages = new List<string>();
        TestSearches.Find("dmcp", o =>
        {
            o.WeightsPath = weights;
            o.NumberOfEpochs = 1;
            ((DmcpSearchOptions)o).SortChannels = sorts;
        }, RunLog.None with { Info = messages.Add });
        return messages.Any(m => m.Contains("are sorted by importance", StringComparison.Ordinal));
    }
}
