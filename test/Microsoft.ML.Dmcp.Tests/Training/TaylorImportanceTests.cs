using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>Taylor importance is what the loss changes when a channel fades, whatever network makes the channel.</summary>
public sealed class TaylorImportanceTests : IDisposable
{
    private const int Size = 16;
    private const double Step = 1e-5;

    private readonly BatchSource _source;
    private readonly ImageBatches _images;
    private readonly ClassificationLoss _loss;

    public TaylorImportanceTests()
    {
        var set = TestImages.Set(2 * Size, seed: 1);
        _source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        _images = new ImageBatches(set, _source, Size);
        _loss = new ClassificationLoss(new TestTrainingOptions(), set, CPU);
    }

    public void Dispose()
    {
        _loss.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void Without_batch_norm_it_is_the_sum_of_weights_times_gradients_of_all_tied_layers_squared_batch_by_batch()
    {
        var net = new NetworkBuilder("tied", 3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var x = net.Conv(net.Input, 5, 3, bias: true, name: "a");
        x = net.Add(x, net.Conv(net.ReLU(net.Conv(net.ReLU(x), 4, 3, name: "inner")), 5, 3, bias: true, name: "b"));
        net.Linear(net.GlobalAveragePool(net.ReLU(x)), net.Classes);
        using var network = Network(net.Build());
        var scores = Of(network, count: 2);

        using var scope = NewDisposeScope();
        var (outer, inner) = (zeros(5, ScalarType.Float64), zeros(4, ScalarType.Float64));
        foreach (var batch in Batches(2))
        {
            foreach (var parameter in network.parameters())
                parameter.grad?.zero_();
            Loss(network, batch).backward();
            outer.add_(Products("a.weight").add(Products("a.bias")).add(Products("b.weight")).add(Products("b.bias")).square());
            inner.add_(Products("inner.weight").square());
        }
        AssertClose(outer.div(2).sqrt(), scores[0]);
        AssertClose(inner.div(2).sqrt(), scores[1]);

        Tensor Products(string name)
        {
            var weight = network.get_parameter(name)!;
            return weight.detach().mul(weight.grad!).reshape(weight.shape[0], -1).sum(1);
        }
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    public void Behind_batch_norms_it_is_the_slope_of_the_loss_along_their_scale_and_shift(string name)
    {
        using var network = Network(SmallNetworks.Describe(name));
        var scores = Of(network, count: 1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (description, batch) = (network.Description, Batches(1).Single());
        foreach (var (group, channel) in description.Groups.SelectMany(g => Enumerable.Range(0, g.Channels).Select(c => (g, c))))
        {
            var slope = (LossAt(1 + Step) - LossAt(1 - Step)) / (2 * Step);
            Assert.Equal(Math.Abs(slope), scores[group.Index][channel], 1e-6);

            double LossAt(double factor)
            {
                Scale(group.Index, channel, factor);
                var loss = Loss(network, batch).ToDouble();
                Scale(group.Index, channel, 1 / factor);
                return loss;
            }
        }

        void Scale(int group, int channel, double factor)
        {
            for (var i = 1; i < description.Layers.Count; i++)
            {
                if (description.Layers[i] is not BatchNormLayer norm)
                    continue;
                var offset = 0;
                foreach (var segment in description.Shapes[i].Segments)
                {
                    if (segment.Index == group)
                        foreach (var part in (string[])["weight", "bias"])
                            network.get_parameter($"{norm.Name}.{part}")!.detach()[offset + channel].mul_(factor);
                    offset += segment.Channels;
                }
            }
        }
    }

    [Fact]
    public void Channels_can_be_sorted_by_it_and_the_network_stays_trainable()
    {
        using var network = Network(SmallNetworks.Describe("residual"));
        ChannelOrder.Sort(network, Of(network, count: 2));
        Assert.All(Of(network, count: 2), scores => Assert.Equal(scores.OrderDescending(), scores));
        Assert.All(network.parameters(), p => Assert.True(p.requires_grad && p.grad is null));
    }

    private static SlimmableNetwork Network(NetworkDescription description)
    {
        var network = new SlimmableNetwork(description, CPU, new RandomSource(2), ScalarType.Float64);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        // Biases and batch norms that differ from channel to channel.
        foreach (var (parameter, i) in network.parameters().Where(p => p.dim() == 1).Select((p, i) => (p, i)))
            parameter.add_(Noise.Normal(i, parameter.shape).mul(0.3));
        return network;
    }

    private double[][] Of(SlimmableNetwork network, int count) =>
        TaylorImportance.Of(network, _images, _loss, count, new RandomSource(3), RunLog.None);

    private IEnumerable<ImageBatch> Batches(int count)
    {
        var order = _images.Plan.Shuffle(new RandomSource(3));
        return Enumerable.Range(0, count).Select(n => _images.Make(_images.Plan.Batch(order, n)).As(ScalarType.Float64)).ToArray();
    }

    private Tensor Loss(SlimmableNetwork network, ImageBatch batch) =>
        _loss.Of(network.Run(batch.Images, new NetworkPass(NormStatistics.Batch)), batch.Labels);

    private static void AssertClose(Tensor expected, double[] actual) =>
        Assert.All(expected.data<double>().ToArray().Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
}
