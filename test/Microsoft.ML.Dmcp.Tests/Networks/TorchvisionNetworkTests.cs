using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

/// <summary>The zoo's networks that the authors' release lacks, against those of torchvision 0.14.1.</summary>
public sealed class TorchvisionNetworkTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names => new("mobilenetv3-large", "densenet121");

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("mobilenetv3-large", 216_597_120, 5_483_032)]
    [InlineData("mobilenetv3-large@0.5", 64_966_400, 1_734_576)]
    [InlineData("mobilenetv3-large@1.4", 414_936_640, 9_989_328)]
    [InlineData("densenet121", 2_834_162_664, 7_978_856)]
    [InlineData("densenet121@0.5", 738_300_904, 2_274_728)]
    public void A_budget_means_what_it_means_for_torchvisions_network(string name, long flops, long parameters)
    {
        var network = NetworkZoo.Find(name).Describe(3, 224, 224, 1000);
        Assert.Equal(flops, NetworkCost.Flops(network).Count(network.FullWidths));
        Assert.Equal(parameters, NetworkCost.Parameters(network).Count(network.FullWidths));
    }

    // SHA-256 of the sorted lines "name:64x3x7x7" of the state_dict, without num_batches_tracked.
    [Theory]
    [InlineData("mobilenetv3-large", "01333ae536e70c5d6be49e860fd6412ed9420c716512287042190a0a1806017a")]
    [InlineData("mobilenetv3-large@0.5", "146d07b2fc8cad54f68fae2837c3b7bdbdde19642d9426663f4f748185ff07a2")]
    [InlineData("mobilenetv3-large@1.4", "87b1c8487094b1f894da2d1727d7d1c61b88ea996e8247718a8393f9223fc8e4")]
    [InlineData("densenet121", "bf4fb78063ea17344b15d175bf28d40f1148b5d888360e22759eda94cd05c704")]
    [InlineData("densenet121@0.5", "a3e231360aa2955411c4ee0adbe851c3182f25b8d71802a232a3287c74cf349d")]
    public void Weights_have_the_names_and_shapes_of_torchvisions(string name, string digest)
    {
        using var network = new SlimmableNetwork(NetworkZoo.Find(name).Describe(3, 224, 224, 1000), CPU, new RandomSource(1));
        var tensors = network.named_parameters().Select(p => (p.name, p.parameter.shape))
            .Concat(network.named_buffers().Select(b => (b.name, b.buffer.shape)));
        var lines = tensors.Select(t => $"{t.name}:{string.Join('x', t.shape)}").Order(StringComparer.Ordinal);
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines)))));
    }

    // Names and costs are blind to non-linearities and to the order of layers; scores are not. Images and weights are sin(k²), k = 1, 2,
    // ...; weights of convolutions and linear layers times √(2/fan-in), vectors 0.5 + 0.5·sin(k²); statistics of the batch, no dropout.
    [Theory]
    [InlineData("mobilenetv3-large", 8.989732518075034, -0.46647173374542966, 0.604428113482822, -0.5172756435970389)]
    [InlineData("densenet121", 13.002401978441148, 0.2927076234164566, 1.6314566015959535, 0.34939151500540105)]
    public void Scores_are_those_of_torchvisions_network_with_the_same_weights(string name, params double[] scores)
    {
        using var network = Network(name, 64);
        using var noGradient = no_grad();
        foreach (var parameter in network.parameters())
        {
            var values = Chirp(parameter.shape);
            parameter.copy_(
                parameter.dim() > 1 ? values.mul(Math.Sqrt(2.0 * parameter.shape[0] / parameter.numel())) : values.mul(0.5).add(0.5));
        }
        var actual = network.Run(Chirp(2, 3, 64, 64), new NetworkPass(NormStatistics.Batch));
        Assert.All(actual[0].data<double>().ToArray().Zip(scores), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void MobileNetV3_prunes_what_a_block_excites_as_one_and_its_squeeze_alone()
    {
        var groups = NetworkZoo.MobileNetV3Large().Describe(3, 224, 224, 1000).Groups;
        // One stem, five chains of shortcuts, 14 expansions, 8 squeezes, the last convolution, the hidden layer.
        Assert.Equal(1 + 5 + 14 + 8 + 1 + 1, groups.Count);
        string[] Tied(string layer) => groups.Single(g => g.Layers.Contains(layer)).Layers.ToArray();
        Assert.Equal(["features.0.0", "features.1.block.0.0", "features.1.block.1.0"], Tied("features.0.0"));
        Assert.Equal(
            ["features.7.block.2.0", "features.8.block.2.0", "features.9.block.2.0", "features.10.block.2.0"],
            Tied("features.7.block.2.0"));
        foreach (var block in (int[])[4, 5, 6, 11, 12, 13, 14, 15])
        {
            Assert.Equal(
                [$"features.{block}.block.0.0", $"features.{block}.block.1.0", $"features.{block}.block.2.fc2"],
                Tied($"features.{block}.block.0.0"));
            Assert.Equal([$"features.{block}.block.2.fc1"], Tied($"features.{block}.block.2.fc1"));
        }
        Assert.Equal(["features.4.block.3.0", "features.5.block.3.0", "features.6.block.3.0"], Tied("features.4.block.3.0"));
        Assert.Equal(["features.16.0"], Tied("features.16.0"));
        Assert.Equal(["classifier.0"], Tied("classifier.0"));
    }

    [Fact]
    public void DenseNet_prunes_every_convolution_for_itself()
    {
        var network = NetworkZoo.DenseNet121().Describe(3, 224, 224, 1000);
        // Concatenation ties nothing: the stem, two convolutions in each of 58 layers, three transitions.
        Assert.Equal(1 + 2 * 58 + 3, network.Groups.Count);
        Assert.Equal(
            network.Layers.OfType<ConvLayer>().Select(c => (c.Name, c.OutChannels)),
            network.Groups.Select(g => (g.Layers.Single(), g.Channels)));
        Assert.Equal(58, network.Groups.Count(g => g.Channels == 32));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_pruned_network_computes_what_the_search_saw_at_its_widths_and_behind_closed_gates(string name)
    {
        var random = new RandomSource(3);
        using var shared = Network(name, 64);
        var groups = shared.Description.Groups;
        var widths = groups.Select(g => 1 + random.NextInt32(g.Channels)).ToArray();
        using var pruned = shared.Slice(widths);
        using var noGradient = no_grad();
        var images = Chirp(4, 3, 64, 64);
        var pass = new NetworkPass(NormStatistics.Batch);
        var expected = pruned.Run(images, pass);
        var gates = tensor(groups.SelectMany(g => Enumerable.Range(0, g.Channels).Select(c => c < widths[g.Index] ? 1.0 : 0.0)).ToArray());
        NetworkPass[] passes = [pass with { Widths = widths }, pass with { Gates = gates }];
        foreach (var scores in passes.Select(p => shared.Run(images, p)))
            Assert.True(expected.sub(scores).abs().max().ToDouble() <= 1e-9 * expected.abs().max().ToDouble(), "The scores differ.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_search_runs_through_both_stages_and_stays_in_the_budget(string name)
    {
        var random = new RandomSource(1);
        var images = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 3 * 32 * 32).Select(_ => (byte)random.NextInt32(256)).ToArray())
            .ToArray();
        var set = new ImageSet(new ImageShape(3, 32, 32, false), new ImageStore(images), [0, 1, 2, 3], 4);
        var reports = new List<TrainingProgress>();
        var options = new DmcpSearchOptions
        {
            Network = NetworkZoo.Find(name + "@0.5"),
            Budget = Budget.FlopsRatio(0.5),
            NumberOfEpochs = 1,
            BatchSize = 4,
            MetricsCallback = reports.Add,
        };
        using var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var network = options.Network.Describe(3, 32, 32, 4);
        var task = new SearchTask(network, new ImageBatches(set, batches, options.BatchSize), 1, RunLog.None);
        using var search = new DmcpSearch(task, options);
        var result = search.Run();
        Assert.All(
            (double?[])[reports[^1].Loss, reports[^1].ArchitectureLoss, reports[^1].BudgetLoss, reports[^1].Costs.Single().Expected],
            value => Assert.True(double.IsFinite(value!.Value)));
        Assert.All(search.Network.parameters().Append(search.Model.Alpha), p => Assert.True(p.isfinite().all().ToBoolean()));
        Assert.True(search.Model.AlphaOnHost().Cast<double>().Distinct().Count() > result.Config.Groups.Count, "α was not trained.");
        Assert.InRange(result.Config.Flops, 0.475 * result.Config.UnprunedFlops, 0.5 * result.Config.UnprunedFlops);
    }

    private static SlimmableNetwork Network(string name, int size) =>
        new(NetworkZoo.Find(name).Describe(3, size, size, 4), CPU, new RandomSource(1), ScalarType.Float64);

    /// <summary>sin(k²), k = 1, 2, ...: numbers without a pattern that any language can make.</summary>
    private static Tensor Chirp(params long[] shape) =>
        tensor(Enumerable.Range(1, (int)shape.Aggregate((a, b) => a * b)).Select(k => Math.Sin((double)k * k)).ToArray(), shape);
}
