using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Tests.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

/// <summary>The zoo's networks against the authors' release, group by group.</summary>
public sealed class GoldenNetworkTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string> Names => new("resnet18", "resnet50", "mobilenetv2-1.5x", "mobilenetv2-1.0x");

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Groups_blocks_FLOPs_and_parameters_are_those_of_the_authors_release(string name)
    {
        var (golden, network, widths) = Load(name);
        var groups = Groups(name, golden, network);
        Assert.Equal(network.Groups.Count, groups.Length);
        Assert.Equal(network.Groups.Count, groups.Distinct().Count());
        for (var i = 0; i < groups.Length; i++)
        {
            var blocks = ChannelBlocks.Divide(network.Groups[groups[i]].Channels, widths);
            var expected = golden.Layers[i];
            Assert.Equal(
                (expected.Channels, expected.MinChannels, expected.GroupSize, expected.Groups),
                (blocks.Channels, blocks.MinChannels, blocks.BlockSize, blocks.Blocks));
        }
        var flops = NetworkCost.Flops(network);
        Assert.Equal(golden.GroupMaxMFlops, flops.Count(network.FullWidths) / 1e6, 1e-6 * golden.GroupMaxMFlops);
        Assert.Equal(golden.MaxMFlops, flops.Count(network.FullWidths) / 1e6, 0.0051);
        Assert.Equal(
            golden.GroupMinMFlops,
            flops.Count(network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, widths).MinChannels).ToArray()) / 1e6,
            1e-6 * golden.GroupMinMFlops);
        Assert.Equal(golden.MaxParamsM, NetworkCost.Parameters(network).Count(network.FullWidths) / 1e6, 0.0051);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Expected_FLOPs_their_gradient_and_sampled_widths_are_those_of_the_authors_release(string name)
    {
        var (golden, network, widths) = Load(name);
        var groups = Groups(name, golden, network);
        using var model = new MarkovModel(network, widths, TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        using var expectation = NetworkCost.Flops(network).Expectation(ScalarType.Float64, CPU);
        Assert.Equal(golden.InitialExpectedMFlops, expectation.Of(model.ExpectedWidths()).ToDouble(), 1e-4 * golden.InitialExpectedMFlops);

        var blocks = model.Alpha.shape[1];
        using (no_grad())
            for (var i = 0; i < groups.Length; i++)
                model.Alpha.select(0, groups[i]).copy_(tensor(Enumerable.Range(0, (int)blocks).Select(k => Golden.Alpha(i, k)).ToArray()));
        var expectedWidths = model.ExpectedWidths();
        var expected = expectation.Of(expectedWidths);
        Assert.Equal(golden.PatternExpectedMFlops, expected.ToDouble(), 1e-4 * golden.PatternExpectedMFlops);
        // The release divides a depth-wise convolution's expected input by the detached number of groups, so the width enters its gradient
        // twice, as output and as input. Its value is right; for the comparison the depth-wise terms are added once more.
        expected.add(DepthwiseMFlops(network, expectedWidths)).backward();
        var gradient = model.Alpha.grad!.sum(1).data<double>().ToArray();
        var channels = expectedWidths.data<double>().ToArray();
        var sampled = new AllowedWidths(network).Round(channels);
        for (var i = 0; i < groups.Length; i++)
        {
            Assert.Equal(golden.Layers[i].PatternExpectedChannels, channels[groups[i]], 1e-4 * golden.Layers[i].PatternExpectedChannels);
            Assert.Equal(golden.Layers[i].ExpectedGradientSum, gradient[groups[i]], 1e-3 * golden.Layers[i].ExpectedGradientSum);
            Assert.Equal(golden.Layers[i].ExpectedSampling, sampled[groups[i]]);
        }
        Assert.Equal(golden.PatternExpectedSamplingMFlops, NetworkCost.Flops(network).Count(sampled) / 1e6, 0.0051);
    }

    private static Tensor DepthwiseMFlops(NetworkDescription network, Tensor widths)
    {
        var sum = zeros([], ScalarType.Float64);
        for (var i = 1; i < network.Layers.Count; i++)
            if (network.Layers[i] is ConvLayer { Depthwise: true } conv)
            {
                var shape = network.Shapes[i];
                sum = sum.add(widths[shape.Segments[0].Index].mul(1e-6 * conv.Kernel * conv.Kernel * shape.Height * shape.Width));
            }
        return sum;
    }

    private static (GoldenNetwork Golden, NetworkDescription Network, WidthRange Widths) Load(string name)
    {
        var golden = Golden.Figures.Networks.Single(n => n.Network == name);
        var architecture = name switch
        {
            "resnet18" => NetworkZoo.ResNet(18),
            "resnet50" => NetworkZoo.ResNet(50),
            "mobilenetv2-1.5x" => NetworkZoo.MobileNetV2(1.5),
            _ => NetworkZoo.MobileNetV2(),
        };
        return (
            golden,
            architecture.Describe(3, golden.InputSize, golden.InputSize, golden.Classes),
            name == "mobilenetv2-1.5x" ? new WidthRange(0.1, 1.5, 0.1) : new WidthRange());
    }

    /// <summary>Index of our group for every group of the release, by the name of the first place where it has one.</summary>
    private static int[] Groups(string name, GoldenNetwork golden, NetworkDescription network) =>
        golden.Layers.Select(layer => network.Groups.Single(g => g.Layers.Contains(OurLayer(name, layer.Name))).Index).ToArray();

    // ResNet: alphaK of a block stands behind its convK; without a projection it is the group of the block's input. MobileNetV2: alpha1
    // stands behind the depth-wise convolution, alpha2 behind the projection; our block n is torchvision's features.(n + 1).
    private static string OurLayer(string network, string name)
    {
        var parts = name.Split('.');
        if (name == "alpha1")
            return "conv1";
        if (name == "alpha_last")
            return "features.18.0";
        if (network.StartsWith("resnet", StringComparison.Ordinal))
            return $"{parts[0]}.{parts[1]}.conv{parts[2][^1]}";
        var block = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        var (depthwise, projection) = block == 0 ? ("conv.0.0", "conv.1") : ("conv.1.0", "conv.2");
        return $"features.{block + 1}.{(parts[2] == "alpha1" ? depthwise : projection)}";
    }
}
