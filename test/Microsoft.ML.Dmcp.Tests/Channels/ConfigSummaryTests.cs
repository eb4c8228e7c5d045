using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Channels;

public sealed class ConfigSummaryTests
{
    private static readonly NetworkDescription ResNet = NetworkZoo.CifarResNet(8).Describe(3, 32, 32, 10);

    [Fact]
    public void A_config_shows_every_group_before_and_after_and_what_is_left_of_the_costs() => Assert.Equal(
        """
        cifar-resnet8 by uniform: 32x32 pixels, 10 classes
        group           layers  before   after    kept
        conv1                2      16       8  50.0 %
        layer1.0.conv1       1      16       8  50.0 %
        layer2.0.conv1       1      32      16  50.0 %
        layer2.0.conv2       2      32      16  50.0 %
        layer3.0.conv1       1      64      32  50.0 %
        layer3.0.conv2       2      64      32  50.0 %
        MFLOPs                  12.502   3.236  25.9 %
        M parameters            0.0780  0.0200  25.6 %
        """, Half.Summary());

    [Fact]
    public void A_config_says_in_one_line_what_is_left() => Assert.Equal(
        "cifar-resnet8 by uniform: 3.236 of 12.502 MFLOPs (25.9 %), 0.0200 of 0.0780 M parameters (25.6 %)", $"{Half}");

    [Fact]
    public void Two_configs_are_compared_group_by_group_with_their_costs() =>
        Assert.Equal("""
            this:  cifar-resnet8 by dmcp
            other: cifar-resnet8 by uniform
            group           layers    this   other  difference
            conv1                2      16       8          +8
            layer1.0.conv1       1       3       8          -5
            layer2.0.conv1       1      32      16         +16
            layer2.0.conv2       2      32      16         +16
            layer3.0.conv1       1      64      32         +32
            layer3.0.conv2       2      64      32         +32
            MFLOPs                   8.668   3.236    +167.8 %
            M parameters            0.0743  0.0200    +272.2 %
            """, ConfigOf("dmcp", ResNet, g => g.Index == 1 ? 3 : g.Channels).DifferenceSummary(Half));

    [Fact]
    public void Configs_of_other_groups_are_compared_part_by_part()
    {
        var split = new NetworkArchitecture("split", net => Describe(net, shortcut: false)).Describe(3, 12, 12, 4);
        var tied = new NetworkArchitecture("tied", net => Describe(net, shortcut: true)).Describe(3, 12, 12, 4);
        var lines = ConfigOf("a", tied, g => 4).DifferenceSummary(ConfigOf("b", split, g => 4 + g.Index)).Split('\n');
        Assert.Equal(["first 1 4 4 0", "second 1 4 5 -1"], lines[3..5].Select(
            line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

        static void Describe(NetworkBuilder net, bool shortcut)
        {
            var x = net.Conv(net.Input, 8, 3, name: "first");
            var y = net.Conv(x, 8, 3, name: "second");
            net.Linear(net.GlobalAveragePool(shortcut ? net.Add(x, y) : y), net.Classes);
        }
    }

    [Fact]
    public void Configs_without_a_layer_in_common_are_refused()
    {
        var other = ConfigOf("uniform", NetworkZoo.MobileNetV2().Describe(3, 64, 64, 10), g => g.Channels);
        Assert.Throws<ArgumentException>(() => Half.DifferenceSummary(other));
        Assert.Throws<ArgumentNullException>(() => Half.DifferenceSummary(null!));
    }

    [Fact]
    public void Summaries_stay_within_100_characters_and_are_the_same_in_every_culture()
    {
        var (half, full) = (Half, ConfigOf("none", ResNet, g => g.Channels));
        string[] Texts() => [half.Summary(), half.DifferenceSummary(full)];
        var invariant = Texts();
        Assert.All(invariant.SelectMany(text => text.Split('\n')), line => Assert.InRange(line.Length, 1, 100));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Cultures.WithComma();
            Assert.Equal(invariant, Texts());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static ChannelConfig Half => ConfigOf("uniform", ResNet, g => g.Channels / 2);

    private static ChannelConfig ConfigOf(string method, NetworkDescription network, Func<ChannelGroup, int> width) =>
        ChannelConfig.Of(network, network.Groups.Select(width).ToArray(), new SearchMethod(method, new Dictionary<string, string>()));
}
