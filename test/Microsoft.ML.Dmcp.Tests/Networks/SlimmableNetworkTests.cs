using CsCheck;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public sealed class SlimmableNetworkTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Networks => new("residual", "inverted", "dense", "squeeze", "mixed", "plain", "grouped", "windows");

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_sub_network_of_the_shared_weights_computes_what_the_pruned_network_computes(string name)
    {
        var description = SmallNetworks.Describe(name);
        using var shared = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        var images = Noise.Normal(11, 4, 3, 12, 12);
        var pass = new NetworkPass(NormStatistics.Batch);
        RandomCases.WidthsOf(description).Check(5, widths =>
        {
            using var pruned = shared.Slice(widths);
            AssertEqual(pruned.Run(images, pass), shared.Run(images, pass with { Widths = widths }));
        });
    }

    [Fact]
    public void A_network_owns_its_weights_and_nothing_else_of_the_scope_that_it_was_made_in()
    {
        using var scope = NewDisposeScope();
        using var network = new SlimmableNetwork(SmallNetworks.Describe("residual"), CPU, new RandomSource(1));
        Assert.Equal(0, scope.DisposablesCount);
        scope.Dispose();
        Assert.All(network.state_dict().Values, weight => Assert.False(weight.IsInvalid));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_embedding_is_what_the_classifier_reads_without_channels_that_only_pad(string name)
    {
        var description = SmallNetworks.Describe(name);
        var random = new RandomSource(1);
        using var shared = new SlimmableNetwork(description, CPU, random, ScalarType.Float64);
        using var pruned = shared.Slice(description.Groups.Select(g => 1 + random.NextInt32(g.Channels)).ToArray());
        var (scores, embedding) = pruned.RunWithEmbedding(
            Noise.Normal(12, 4, 3, 12, 12), new NetworkPass(NormStatistics.Running));
        Assert.Equal([4, pruned.EmbeddingSize], embedding.shape);
        var classifier = pruned.Description.Layers[^1].Name;
        AssertEqual(
            scores,
            nn.functional.linear(embedding, pruned.state_dict()[classifier + ".weight"], pruned.state_dict()[classifier + ".bias"]));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Channels_last_images_give_the_same_scores(string name)
    {
        using var network = new SlimmableNetwork(SmallNetworks.Describe(name), CPU, new RandomSource(1), ScalarType.Float64);
        var images = Noise.Normal(13, 4, 3, 12, 12);
        var last = images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        var pass = new NetworkPass(NormStatistics.Batch);
        AssertEqual(network.Run(images, pass), network.Run(last, pass));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_of_weights_match_finite_differences_at_a_random_width(string name)
    {
        var description = SmallNetworks.Describe(name);
        var random = new RandomSource(2);
        using var network = new SlimmableNetwork(description, CPU, random, ScalarType.Float64);
        var widths = description.Groups.Select(g => Math.Max(1, g.Channels - 1)).ToArray();
        var images = Noise.Normal(14, 3, 3, 12, 12);
        var mix = Noise.Normal(15, 3, 4);
        Tensor Loss() => network.Run(images, new NetworkPass(NormStatistics.Batch, widths)).mul(mix).sum();
        Loss().backward();
        foreach (var (key, parameter) in network.named_parameters())
            FiniteDifferences.Check(parameter, Loss, random, key);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Sliced_weights_get_the_gradients_that_the_whole_weights_would_get(string name)
    {
        var description = SmallNetworks.Describe(name);
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(2), ScalarType.Float64);
        var widths = description.Groups.Select(g => Math.Max(1, g.Channels - 1)).ToArray();
        var images = Noise.Normal(16, 3, 3, 12, 12);
        var mix = Noise.Normal(17, 3, 4);
        // A first pass of the whole network, as the sandwich rule has it.
        var (straight, sliced) = (Gradients(null), Gradients(new WeightSlices()));
        Assert.All(straight.Keys, key => Assert.True(straight[key].sub(sliced[key]).abs().max().ToDouble() < 1e-9, key));

        Dictionary<string, Tensor> Gradients(WeightSlices? slices)
        {
            network.zero_grad();
            network.Run(images, new NetworkPass(NormStatistics.Batch)).mul(mix).sum().backward();
            network.Run(images, new NetworkPass(NormStatistics.Batch, widths, Slices: slices)).mul(mix).sum().backward();
            slices?.AddGradients();
            return network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Training_in_16_bits_follows_the_gradients_of_32_bits(string name)
    {
        var description = SmallNetworks.Describe(name);
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(2));
        var widths = description.Groups.Select(g => Math.Max(1, g.Channels - 1)).ToArray();
        var images = RandomSourceTensor([16L, 3, 12, 12]);
        var mix = RandomSourceTensor([16L, 4]);
        var (exact, rounded) = (Gradients(images), Gradients(images.to(ScalarType.BFloat16)));
        // Rounding to 8 bits in every layer: the direction of the whole gradient stays.
        Assert.InRange(exact.mul(rounded).sum().div(exact.norm().mul(rounded.norm())).ToDouble(), 0.98, 1.001);

        Tensor Gradients(Tensor input)
        {
            var slices = new WeightSlices();
            network.zero_grad();
            network.Run(input, new NetworkPass(NormStatistics.Batch)).mul(mix).sum().backward();
            var scores = network.Run(input, new NetworkPass(NormStatistics.Batch, widths, Slices: slices));
            Assert.Equal(ScalarType.Float32, scores.dtype);
            scores.mul(mix).sum().backward();
            slices.AddGradients();
            return cat(network.parameters().Select(p => p.grad!.flatten()).ToArray());
        }

        static Tensor RandomSourceTensor(long[] shape)
        {
            using var generator = new Generator(3);
            return randn(shape, ScalarType.Float32, CPU, false, generator);
        }
    }

    [Fact]
    public void Relu6_in_16_bits_passes_gradients_between_its_limits_alone()
    {
        var x = tensor(new[] { -1f, 0, 0.5f, 3, 5.9f, 6, 7 }).to(ScalarType.BFloat16).requires_grad_(true);
        var y = ActivationOperator.Activate(new ActivationLayer("relu6", [0], Activation.ReLU6), x, overwrite: false);
        y.sum().backward();
        Assert.Equal([0f, 0, 0.5f, 3, 5.90625f, 6, 6], y.detach().to(ScalarType.Float32).data<float>().ToArray());
        Assert.Equal([0f, 0, 1, 1, 1, 0, 0], x.grad!.to(ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void Gates_folded_into_batch_norm_scale_the_channels_as_the_paper_says()
    {
        var net = new NetworkBuilder("gated", 3, 8, 8, 2);
        net.Linear(net.GlobalAveragePool(net.BatchNorm(net.Conv(net.Input, 5, 3), name: "bn")), 2, name: "fc");
        using var network = new SlimmableNetwork(net.Build(), CPU, new RandomSource(1), ScalarType.Float64);
        var images = Noise.Normal(18, 4, 3, 8, 8);
        var gates = tensor(new[] { 1.0, 0.9, 0.5, 0.1, 0.0 });
        var gated = network.Run(images, new NetworkPass(NormStatistics.Batch, Gates: gates));
        // Multiplying the channels after batch norm is multiplying the columns of the linear layer behind the pool.
        using (no_grad())
        {
            var weight = network.named_parameters().Single(p => p.name == "fc.weight").parameter;
            weight.mul_(gates);
        }
        AssertEqual(network.Run(images, new NetworkPass(NormStatistics.Batch)), gated);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gates_of_one_change_nothing_and_gates_of_zero_switch_a_group_off(string name)
    {
        var description = SmallNetworks.Describe(name);
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        var images = Noise.Normal(19, 4, 3, 12, 12);
        var pass = new NetworkPass(NormStatistics.Batch);
        var channels = description.Groups.Sum(g => g.Channels);
        AssertEqual(network.Run(images, pass), network.Run(images, pass with { Gates = ones([(long)channels], ScalarType.Float64) }));
        // With every gate closed nothing of the image is left: all rows score alike.
        var off = network.Run(images, pass with { Gates = zeros([(long)channels], ScalarType.Float64) });
        AssertEqual(off[0].expand(4, -1), off);
    }

    [Fact]
    public void Running_statistics_of_concatenated_channels_are_kept_for_sub_networks_too()
    {
        var description = SmallNetworks.Describe("dense");
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1), ScalarType.Float64);
        var widths = description.Groups.Select(g => Math.Max(1, g.Channels - 1)).ToArray();
        var images = Noise.Normal(20, 8, 3, 12, 12);
        using var noGradient = no_grad();
        var batch = network.Run(images, new NetworkPass(NormStatistics.BatchTracked, widths, Momentum: 1));
        var running = network.Run(images, new NetworkPass(NormStatistics.Running, widths));
        // The running variance is the unbiased one: n/(n − 1) with n = 8·12·12 pixels and less after pooling.
        Assert.True(batch.sub(running).abs().max().ToDouble() < 0.02 * batch.abs().max().ToDouble() + 1e-6);
    }

    private static void AssertEqual(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(
            expected.sub(actual).abs().max().ToDouble() <= 1e-9 * Math.Max(1, expected.abs().max().ToDouble()), "The scores differ.");
    }
}
