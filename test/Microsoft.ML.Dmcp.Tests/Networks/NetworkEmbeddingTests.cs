using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

/// <summary>The embedding is made of the features that the classifier reads, however the head of the network is built.</summary>
public sealed class NetworkEmbeddingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_head_of_a_1x1_convolution_and_a_global_pool_gives_the_pooled_features_and_not_scores_of_single_pixels() =>
        CheckConvolutionalHead(Describe((net, x) => net.GlobalAveragePool(net.Conv(x, net.Classes, 1, bias: true, name: "classifier"))));

    [Fact]
    public void A_head_with_dropout_before_its_convolution_gives_the_pooled_features() =>
        CheckConvolutionalHead(Describe((net, x) =>
            net.GlobalAveragePool(net.Conv(net.Dropout(x, 0.5), net.Classes, 1, bias: true, name: "classifier"))));

    [Fact]
    public void A_head_of_a_convolution_behind_the_pool_gives_what_the_convolution_reads() =>
        CheckConvolutionalHead(Describe((net, x) => net.Conv(net.GlobalAveragePool(x), net.Classes, 1, bias: true, name: "classifier")));

    [Fact]
    public void A_linear_head_gives_every_feature_that_it_reads_also_of_flattened_images()
    {
        var description = Describe((net, x) => net.Linear(net.Flatten(x), net.Classes, name: "classifier"));
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        var (scores, embedding) = Run(network);
        Assert.Equal(7 * 6 * 6, network.EmbeddingSize);
        Assert.Equal([3, 7 * 6 * 6], embedding.shape);
        AssertEqual(scores, nn.functional.linear(embedding, Weight(network), network.state_dict()["classifier.bias"]));
    }

    [Fact]
    public void A_function_behind_the_linear_layer_does_not_turn_the_scores_into_the_embedding()
    {
        var description = Describe((net, x) =>
            net.Activate(net.Linear(net.GlobalAveragePool(x), net.Classes, name: "classifier"), Activation.Sigmoid));
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        var (scores, embedding) = Run(network);
        Assert.Equal([3, 7], embedding.shape);
        AssertEqual(scores, nn.functional.linear(embedding, Weight(network), network.state_dict()["classifier.bias"]).sigmoid());
    }

    [Fact]
    public void The_embedding_of_a_sub_network_has_the_features_that_it_keeps()
    {
        var description = Describe((net, x) => net.GlobalAveragePool(net.Conv(x, net.Classes, 1, name: "classifier")));
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        using var pruned = network.Slice([3, 5]);
        var images = Noise.Normal(11, 3, 3, 12, 12);
        var pass = new NetworkPass(NormStatistics.Running);
        var expected = pruned.RunWithEmbedding(images, pass).Embedding;
        Assert.Equal([3, 5], expected.shape);
        AssertEqual(expected, network.RunWithEmbedding(images, pass with { Widths = [3, 5] }).Embedding);
    }

    [Fact]
    public void Every_network_of_the_zoo_keeps_the_embedding_that_its_last_layer_reads()
    {
        foreach (var name in NetworkZoo.Names)
        {
            var description = NetworkZoo.Find(name).Describe(3, 64, 64, 10);
            Assert.Equal(description.Layers.Count - 1, new NetworkEmbedding(description, 16).Reader);
        }
    }

    // The mean of the scores over all positions is the score of the mean: the convolution and the pool are both linear.
    private static void CheckConvolutionalHead(NetworkDescription description)
    {
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        var (scores, embedding) = Run(network);
        Assert.Equal(7, network.EmbeddingSize);
        Assert.Equal([3, 7], embedding.shape);
        AssertEqual(scores, nn.functional.linear(embedding, Weight(network), network.state_dict()["classifier.bias"]));
    }

    private static (Tensor Scores, Tensor Embedding) Run(SlimmableNetwork network) =>
        network.RunWithEmbedding(Noise.Normal(12, 3, 3, 12, 12), new NetworkPass(NormStatistics.Running));

    private static Tensor Weight(SlimmableNetwork network) => network.state_dict()["classifier.weight"].flatten(1);

    private static NetworkDescription Describe(Action<NetworkBuilder, NetworkValue> head) => new NetworkArchitecture("head", net =>
    {
        var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 6, 3)));
        head(net, net.ReLU(net.BatchNorm(net.Conv(x, 7, 3, stride: 2))));
    }).Describe(3, 12, 12, 4);

    private static void AssertEqual(Tensor expected, Tensor actual) =>
        Assert.True(allclose(expected, actual, 1e-9, 1e-9), $"{expected} {actual}");
}
