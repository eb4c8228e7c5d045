using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using TorchSharp;
using static Microsoft.ML.Dmcp.Tests.Interop.DrawnGraph;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>A run begins with imported weights, for its own images and classes.</summary>
public sealed class PretrainedWeightsTests : IDisposable
{
    private readonly OnnxFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(4, 12, true)]
    [InlineData(4, 20, true)]
    [InlineData(7, 16, false)]
    public void Images_of_another_size_and_other_classes_get_the_weights_and_other_classes_a_fresh_classifier(
        int classes, int size, bool keepsClassifier)
    {
        var imported = _folder.Agrees(Network());
        imported.SaveWeights(_folder.File("w"));
        using var source = imported.ToNetwork();
        using var network = new SlimmableNetwork(imported.Architecture.Describe(3, size, size, classes), CPU, new RandomSource(3));
        var fresh = network.state_dict().ToDictionary(w => w.Key, w => w.Value.clone());
        var messages = new List<string>();
        CheckpointFile.LoadWeights(_folder.File("w"), network, RunLog.None with { Info = messages.Add });
        Assert.Equal(!keepsClassifier, messages.Exists(
            m => m.Contains("no classifier of 7 classes: it begins fresh", StringComparison.Ordinal)));
        var classifier = network.Description.Layers[^1].Name;
        foreach (var (name, weight) in network.state_dict())
        {
            var isKept = keepsClassifier || !name.StartsWith(classifier + ".", StringComparison.Ordinal);
            Assert.True(weight.equal(isKept ? source.state_dict()[name] : fresh[name]).all().item<bool>(), name);
        }
    }

    [Fact]
    public void A_featurizer_gets_a_classifier()
    {
        var graph = Network();
        graph.Graph.Output[0].Name = graph.Graph.Node[^2].Output[0];
        var imported = OnnxNetwork.Load(_folder.Write(graph.Bytes()));
        Assert.Null(imported.Classes);
        Assert.Contains("fresh classifier", imported.Remarks[0]);
        Assert.Equal(9, imported.Architecture.Describe(3, 20, 20, 9).Classes);
    }

    [Fact]
    public void Weights_of_another_network_are_refused_with_the_first_that_does_not_fit()
    {
        OnnxNetwork.Load(_folder.Write(Network().Bytes())).SaveWeights(_folder.File("w"));
        using var network = new SlimmableNetwork(NetworkZoo.CifarResNet(20).Describe(3, 12, 12, 4), CPU, new RandomSource(3));
        var refusal = Assert.Throws<InvalidOperationException>(() => CheckpointFile.LoadWeights(_folder.File("w"), network));
        Assert.Contains("conv1.weight", refusal.Message);
    }

    [Fact]
    public void One_line_gives_a_search_network_and_weights()
    {
        var imported = OnnxNetwork.Load(_folder.Write(Network().Bytes()));
        var options = imported.Begin(new DmcpSearchOptions(), _folder.File("w"));
        Assert.Equal((imported.Architecture, _folder.File("w")), (options.Network, options.WeightsPath));
        Assert.Same(imported.Architecture, imported.Begin(new PrunedRetrainOptions(), _folder.File("w")).Network);
        Assert.Same(imported.Architecture, imported.Begin(new UniformScalingOptions(), _folder.File("w")).Network);
    }

    [Fact]
    public void Blue_green_red_is_read_as_red_green_blue()
    {
        var graph = Network();
        using var plain = OnnxNetwork.Load(_folder.Write(graph.Bytes())).ToNetwork();
        using var turned = OnnxNetwork.Load(_folder.Write(graph.Bytes()), new() { IsBgr = true }).ToNetwork();
        var images = Noise.Normal(11, 2, 3, 12, 12).to(ScalarType.Float32);
        var pass = new NetworkPass(NormStatistics.Running);
        Assert.True(turned.Run(images.flip(1), pass).allclose(plain.Run(images, pass), atol: 1e-5));
    }

    private static DrawnGraph Network()
    {
        var graph = new DrawnGraph(13, 1, 3, 12, 12);
        var x = graph.Node("Conv", $"image,{graph.Weight(6, 3, 3, 3)},{graph.Weight(6)}", Of("strides", [2, 2]));
        x = graph.Node("Conv", $"{graph.Node("Relu", x)},{graph.Weight(5, 6, 3, 3)},{graph.Weight(5)}");
        x = graph.Node("Flatten", graph.Node("AveragePool", graph.Node("Relu", x), Of("kernel_shape", [3, 3])));
        return graph.Ending(graph.Node("Gemm", $"{x},{graph.Weight(4, 5)},{graph.Weight(4)}", Of("transB", 1)));
    }
}
