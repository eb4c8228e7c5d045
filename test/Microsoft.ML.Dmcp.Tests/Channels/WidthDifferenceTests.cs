namespace Microsoft.ML.Dmcp.Tests.Channels;

public class WidthDifferenceTests
{
    private static readonly NetworkDescription ResNet = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);

    [Fact]
    public void Two_configs_of_one_network_differ_by_the_widths_of_every_layer()
    {
        var narrow = ConfigOf(ResNet, g => g.Channels / 2);
        var difference = ConfigOf(ResNet, g => g.Index == 1 ? 3 : g.Channels).DifferenceFrom(narrow);
        Assert.Equal(ResNet.Groups.SelectMany(g => g.Layers), difference.Select(d => d.Layer));
        Assert.Equal(new WidthDifference("layer1.0.conv1", 3, 8), difference.Single(d => d.Layer == "layer1.0.conv1"));
        Assert.Equal(-5, difference.Single(d => d.Layer == "layer1.0.conv1").Difference);
        Assert.Equal(32, difference.Single(d => d.Layer == "layer3.2.conv2").Difference);
        Assert.All(narrow.DifferenceFrom(narrow), d => Assert.Equal(0, d.Difference));
    }

    [Fact]
    public void Configs_of_unpruned_networks_of_different_widths_can_be_compared_as_in_Fig_5()
    {
        var (wide, plain) = (NetworkZoo.MobileNetV2(1.5).Describe(3, 64, 64, 100), NetworkZoo.MobileNetV2(1.0).Describe(3, 64, 64, 100));
        var difference = ConfigOf(wide, g => g.Channels).DifferenceFrom(ConfigOf(plain, g => g.Channels));
        Assert.Equal(wide.Layers.OfType<ConvLayer>().Select(l => l.Name).Order(), difference.Select(d => d.Layer).Order());
        Assert.All(difference, d => Assert.True(d.Difference > 0));
        Assert.Equal(new WidthDifference("features.0.0", 48, 32), difference[0]);
    }

    [Fact]
    public void Only_layers_of_both_configs_are_compared()
    {
        var deep = ConfigOf(NetworkZoo.CifarResNet(32).Describe(3, 32, 32, 10), g => g.Channels);
        var shallow = ConfigOf(ResNet, g => g.Channels);
        Assert.Equal(
            shallow.DifferenceFrom(shallow).Select(d => d.Layer).Order(), deep.DifferenceFrom(shallow).Select(d => d.Layer).Order());
        Assert.Equal(deep.DifferenceFrom(shallow).Count, shallow.DifferenceFrom(deep).Count);
    }

    [Fact]
    public void Configs_without_a_layer_in_common_are_refused_with_both_networks_named()
    {
        var other = ConfigOf(NetworkZoo.MobileNetV2(1.0).Describe(3, 64, 64, 100), g => g.Channels);
        var error = Assert.Throws<ArgumentException>(() => ConfigOf(ResNet, g => g.Channels).DifferenceFrom(other));
        Assert.Contains($"'{ResNet.Name}'", error.Message);
        Assert.Contains($"'{other.Network}'", error.Message);
        Assert.Throws<ArgumentNullException>(() => other.DifferenceFrom(null!));
    }

    private static ChannelConfig ConfigOf(NetworkDescription network, Func<ChannelGroup, int> width) =>
        ChannelConfig.Of(network, network.Groups.Select(width).ToArray(), new SearchMethod("none", new Dictionary<string, string>()));
}
