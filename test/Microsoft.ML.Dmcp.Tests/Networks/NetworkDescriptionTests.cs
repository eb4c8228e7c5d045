using CsCheck;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public class NetworkDescriptionTests
{
    [Fact]
    public void A_head_that_gives_several_scores_a_class_is_refused()
    {
        var net = new NetworkBuilder("several", 3, 4, 4, 5);
        net.Flatten(net.Conv(net.Conv(net.Input, 8, 3, stride: 2), net.Classes, 1));
        Assert.Contains("one score a class", Assert.Throws<ArgumentException>(() => net.Build()).Message);
    }

    [Fact]
    public void Layers_that_are_added_or_chained_depth_wise_are_one_group_and_others_are_not()
    {
        var groups = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10).Groups;
        Assert.Equal(12, groups.Count);
        Assert.Equal(["conv1", "layer1.0.conv2", "layer1.1.conv2", "layer1.2.conv2"], groups[0].Layers);
        Assert.Equal(
            ["layer2.0.conv2", "layer2.0.downsample.0", "layer2.1.conv2", "layer2.2.conv2"],
            groups.Single(g => g.Name == "layer2.0.conv2").Layers);

        var mobile = NetworkZoo.MobileNetV2().Describe(3, 224, 224, 1000).Groups;
        Assert.Equal(["features.0.0", "features.1.conv.0.0"], mobile[0].Layers);
    }

    [Fact]
    public void Concatenated_groups_keep_their_own_widths_and_the_squeeze_of_an_excitation_is_its_own_group()
    {
        Assert.Equal([6, 4, 4], SmallNetworks.Describe("dense").Groups.Select(g => g.Channels));
        Assert.Equal([6, 3], SmallNetworks.Describe("squeeze").Groups.Select(g => g.Channels));
    }

    [Theory]
    [InlineData("cifar-resnet20", 32, 40.81, 0.27)]
    [InlineData("cifar-resnet56", 32, 125.75, 0.86)]
    [InlineData("vgg16bn", 224, 15484.12, 138.37)]
    [InlineData("resnet34", 224, 3664.26, 21.80)]
    public void Costs_of_the_zoo_are_those_of_the_literature(string name, int size, double mflops, double mparameters)
    {
        var network = NetworkZoo.Find(name).Describe(3, size, size, name.StartsWith("cifar", StringComparison.Ordinal) ? 10 : 1000);
        Assert.Equal(mflops, NetworkCost.Flops(network).Count(network.FullWidths) / 1e6, 0.005 * mflops);
        Assert.Equal(mparameters, NetworkCost.Parameters(network).Count(network.FullWidths) / 1e6, 0.01);
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("squeeze")]
    [InlineData("mixed")]
    [InlineData("plain")]
    public void The_cost_at_any_widths_is_the_cost_of_the_pruned_network_and_its_parameters_are_those_of_its_module(string name)
    {
        var network = SmallNetworks.Describe(name);
        RandomCases.WidthsOf(network).Check(5, widths =>
        {
            var pruned = network.AtWidths(widths);
            Assert.Equal(NetworkCost.Flops(pruned).Count(pruned.FullWidths), NetworkCost.Flops(network).Count(widths));
            using var module = new SlimmableNetwork(pruned, global::TorchSharp.torch.CPU, new RandomSource(4));
            Assert.Equal(module.parameters().Sum(p => p.numel()), NetworkCost.Parameters(network).Count(widths));
        });
    }

    [Fact]
    public void A_description_survives_its_JSON_and_a_damaged_one_is_refused()
    {
        var network = NetworkZoo.MobileNetV2().Describe(3, 64, 64, 5);
        var json = network.ToJson();
        Assert.Equal(json, NetworkDescription.FromJson(json).ToJson());
        for (var length = 0; length < json.Length; length += 101)
            Assert.Throws<FormatException>(() => NetworkDescription.FromJson(json[..length]));
        Assert.Throws<FormatException>(
            () => NetworkDescription.FromJson(json.Replace("\"kernel\":3", "\"kernel\":-3", StringComparison.OrdinalIgnoreCase)));
        Assert.Throws<FormatException>(
            () => NetworkDescription.FromJson(json.Replace("\"stride\":2", "\"stride\":0", StringComparison.OrdinalIgnoreCase)));
        Assert.Throws<FormatException>(() => NetworkDescription.FromJson("{}"));
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused_by_name()
    {
        var net = new NetworkBuilder("wrong", 3, 8, 8, 2);
        var a = net.Conv(net.Input, 4, 3);
        net.Linear(net.GlobalAveragePool(net.Add(a, net.Conv(a, 5, 3), "sum")), 2);
        Assert.Contains("'sum'", Assert.Throws<ArgumentException>(net.Build).Message);

        var noHead = new NetworkBuilder("wrong", 3, 8, 8, 2);
        noHead.Conv(noHead.Input, 4, 3, name: "last");
        Assert.Contains("'last'", Assert.Throws<ArgumentException>(noHead.Build).Message);

        var mixed = new NetworkBuilder("wrong", 3, 8, 8, 2);
        var wide = mixed.Conv(mixed.Input, 8, 3);
        mixed.Linear(mixed.GlobalAveragePool(mixed.Multiply(wide, mixed.Linear(mixed.GlobalAveragePool(wide), 8), "excite")), 2);
        Assert.Contains("'excite'", Assert.Throws<ArgumentException>(mixed.Build).Message);

        var forgotten = new NetworkBuilder("wrong", 3, 8, 8, 2);
        forgotten.Conv(forgotten.Input, 4, 3, name: "branch");
        forgotten.Linear(forgotten.GlobalAveragePool(forgotten.Conv(forgotten.Input, 4, 3)), 2);
        Assert.Contains("'branch'", Assert.Throws<ArgumentException>(forgotten.Build).Message);

        Assert.Contains("too small", Assert.Throws<ArgumentException>(() => NetworkZoo.Vgg16().Describe(3, 16, 16, 10)).Message);
        Assert.Contains("cifar-resnet20", Assert.Throws<ArgumentOutOfRangeException>(() => NetworkZoo.Find("resnet19")).Message);
    }

    [Fact]
    public void Every_network_of_the_zoo_is_found_again_by_the_name_it_writes_into_configs()
    {
        NetworkArchitecture[] architectures =
        [
            NetworkZoo.CifarResNet(44),
            NetworkZoo.CifarResNet(8, 0.25),
            NetworkZoo.ResNet(34, 0.5),
            NetworkZoo.MobileNetV2(1.4),
            NetworkZoo.MobileNetV2(0.75, smallImages: true),
            NetworkZoo.MobileNetV3Large(0.5),
            NetworkZoo.DenseNet121(0.5),
            NetworkZoo.Vgg16(0.5),
        ];
        foreach (var architecture in architectures)
            Assert.Equal(architecture.Describe(3, 64, 64, 7).ToJson(), NetworkZoo.Find(architecture.Name).Describe(3, 64, 64, 7).ToJson());
        foreach (var name in NetworkZoo.Names)
            Assert.Equal(name, NetworkZoo.Find(name).Name);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public void A_width_that_cannot_be_is_refused_with_its_group(int width)
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        var widths = network.FullWidths.ToArray();
        widths[0] = width;
        Assert.Contains("'conv1'", Assert.Throws<ArgumentException>(() => network.AtWidths(widths)).Message);
    }
}
