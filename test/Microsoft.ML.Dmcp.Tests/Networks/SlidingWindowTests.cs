using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public sealed class SlidingWindowTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData("grouped")]
    [InlineData("windows")]
    public void A_network_with_windows_of_any_shape_is_the_same_after_it_was_saved(string name)
    {
        var description = SmallNetworks.Describe(name);
        Assert.Equal(description.ToJson(), NetworkDescription.FromJson(description.ToJson()).ToJson());
        Assert.Equal(Scores(description), Scores(NetworkDescription.FromJson(description.ToJson())));
    }

    [Fact]
    public void Padding_that_no_position_reads_costs_no_copy_of_the_image()
    {
        var net = new NetworkBuilder("net", 3, 12, 12, 4);
        var x = net.Conv(net.Input, 4, new SlidingWindow(3, 3, 2, 2, Top: 1, Left: 1));
        x = net.Pool(x, PoolKind.Max, new SlidingWindow(3, 3, 2, 2, Bottom: 1, Right: 1));
        net.Linear(net.GlobalAveragePool(x), 4);
        var layers = net.Build().Layers;
        Assert.Equal(new ConvLayer("conv1", layers[1].Inputs, 4, 3, 2, 1, false, false), layers[1]);
        Assert.Equal(new SlidingWindow(3, 3, 2, 2, 0, 0, 1, 1), ((PoolLayer)layers[2]).Window);
    }

    [Theory]
    [InlineData(PoolKind.Max)]
    [InlineData(PoolKind.Average)]
    [InlineData(PoolKind.AverageOfImage)]
    public void One_sided_padding_pools_as_padding_at_both_sides_does_without_what_the_other_side_adds(PoolKind kind)
    {
        var x = Noise.Normal(11, 2, 3, 9, 9).to(ScalarType.Float32).sub(5);
        var both = Pooling.Run(new PoolLayer("pool", [0], kind, 3, 1, 1), x);
        var one = Pooling.Run(new PoolLayer("pool", [0], kind, 3, 1, 1) { Window = new SlidingWindow(3, 3, Top: 1, Left: 1) }, x);
        Assert.True(one.allclose(both[.., .., ..8, ..8], atol: 1e-5));
    }

    [Fact]
    public void Groups_cost_their_share_of_a_dense_convolution()
    {
        var net = new NetworkBuilder("net", 3, 8, 8, 2);
        var x = net.Conv(net.Conv(net.Input, 8, 1), 6, new SlidingWindow(3, 1, Top: 1, Bottom: 1), groups: 2, bias: true);
        net.Linear(net.GlobalAveragePool(x), 2, bias: false);
        var network = net.Build();
        Assert.Empty(network.Groups);
        Assert.Equal(3 * 8 + 6 * (4 * 3 + 1) + 6 * 2, NetworkCost.Parameters(network).Count([]));
        Assert.Equal(64 * (3 * 8 + 6 * (4 * 3 + 1)) + 6 * 2, NetworkCost.Flops(network).Count([]));
    }

    [Theory]
    [InlineData("""{"height":2000,"width":3}""", 2000)]
    [InlineData("""{"height":3,"width":3,"right":4}""", 3)]
    [InlineData("""{"height":3,"width":3,"dilationX":9}""", 3)]
    [InlineData("""{"height":3,"width":3,"strideX":0}""", 3)]
    [InlineData("""{"height":3,"width":3,"dilationY":2147483647}""", 3)]
    [InlineData("""{"height":3,"width":3}""", 5)]
    public void A_file_with_a_window_that_cannot_be_is_refused(string window, int kernel)
    {
        var json = $$"""
            {"name":"n","layers":[{"op":"input","name":"input","inputs":[],"channels":3,"height":8,"width":8},
            {"op":"conv","name":"c","inputs":[0],"outChannels":4,"kernel":{{kernel}},"stride":1,"padding":0,
            "depthwise":false,"hasBias":false,
            "window":{{window}}},{"op":"globalPool","name":"p","inputs":[1]},
            {"op":"linear","name":"f","inputs":[2],"outFeatures":2,"hasBias":true}]}
            """;
        Assert.Contains("'c'", Assert.Throws<FormatException>(() => NetworkDescription.FromJson(json)).Message);
    }

    private static float[] Scores(NetworkDescription description)
    {
        using var network = new SlimmableNetwork(description, CPU, new RandomSource(1));
        return network.Run(full([1, 3, 12, 12], 0.5f), new NetworkPass(NormStatistics.Running)).data<float>().ToArray();
    }
}
