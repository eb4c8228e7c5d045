using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Networks;

public sealed class NetworkSummaryTests
{
    [Fact]
    public void A_network_shows_its_groups_and_what_each_costs()
    {
        Assert.Equal("""
            cifar-resnet8: 32x32 pixels, 10 classes, 12.502 MFLOPs, 0.0780 M parameters
            group           layers  channels  MFLOPs    share
            conv1                2        16   2.802   22.4 %
            layer1.0.conv1       1        16   2.359   18.9 %
            layer2.0.conv1       1        32   1.180    9.4 %
            layer2.0.conv2       2        32   2.490   19.9 %
            layer3.0.conv1       1        64   1.180    9.4 %
            layer3.0.conv2       2        64   2.490   19.9 %
            fc                   1        10   0.001    0.0 %
            total               10            12.502  100.0 %
            """, NetworkZoo.CifarResNet(8).Describe(3, 32, 32, 10).Summary());
    }

    [Fact]
    public void A_network_says_in_one_line_what_it_is() =>
        Assert.Equal(
            "resnet50: 224x224 pixels, 1000 classes, 4089.2 MFLOPs, 25.557 M parameters", $"{NetworkZoo.ResNet(50).Describe(3, 224, 224, 1000)}");

    [Fact]
    public void Shares_of_all_groups_and_of_the_classes_are_the_whole_network_also_where_layers_read_concatenations()
    {
        foreach (var name in (string[])["densenet121", "mobilenetv2", "vgg16bn"])
        {
            var network = NetworkZoo.Find(name).Describe(3, 64, 64, 10);
            var total = network.Summary().Split('\n')[^1];
            Assert.EndsWith("100.0 %", total);
            Assert.Contains($" {network.Layers.Count(l => l is ConvLayer or LinearLayer)} ", total);
        }
    }

    [Fact]
    public void Lines_stay_within_100_characters_and_are_the_same_in_every_culture()
    {
        var network = new NetworkArchitecture("long", net =>
        {
            var x = net.Conv(net.Input, 4, 3, name: "backbone.blocks.0.branches.left.operations.attention.projection.conv");
            net.Linear(net.GlobalAveragePool(x), net.Classes);
        }).Describe(3, 12, 12, 4);
        var invariant = network.Summary();
        Assert.All(invariant.Split('\n'), line => Assert.InRange(line.Length, 1, 100));
        Assert.Contains("attention.projection.conv ", invariant);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.WithComma();
            Assert.Equal(invariant, network.Summary());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
