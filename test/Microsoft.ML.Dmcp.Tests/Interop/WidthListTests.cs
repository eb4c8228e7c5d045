using System.Text;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>Widths and nothing else, for every tool and network.</summary>
public sealed class WidthListTests : IDisposable
{
    private static readonly NetworkDescription Network = NetworkZoo.CifarResNet(8).Describe(3, 32, 32, 10);

    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[5, 6, 7, 8, 9, 10]\n")]
    [InlineData("5 6 7 8 9 10")]
    [InlineData("\n5,6,7,\n 8,9,10\n")]
    [InlineData("\ufeff5\r\n6\r\n7\r\n8\r\n9\r\n10\r\n")]
    // Layer after layer: conv1, layer1.0.conv1, .conv2 (tied to conv1), layer2.0.conv1, .conv2, .downsample.0 (tied to conv2) and so on.
    [InlineData("[5, 6, 5, 7, 8, 8, 9, 10, 10]")]
    public void Widths_are_read_by_channel_groups_and_by_layers(string text)
    {
        var config = ChannelConfig.LoadWidths(_folder.Write(Encoding.UTF8.GetBytes(text)), Network);
        Assert.Equal([5, 6, 7, 8, 9, 10], config.WidthsFor(Network));
        Assert.Equal("widths", config.Method.Name);
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("mobilenetv2")]
    [InlineData("densenet121")]
    [InlineData("vgg16bn")]
    [InlineData("mobilenetv3-large")]
    public void Widths_come_back_for_every_network(string name)
    {
        var network = ConfigFolder.Network(name);
        RandomCases.WidthsOf(network).Check(5, widths =>
        {
            var config = ChannelConfig.Of(network, widths, new SearchMethod("none", new Dictionary<string, string>()));
            config.SaveWidths(_folder.File("widths.json"));
            Assert.Equal(widths, ChannelConfig.LoadWidths(_folder.File("widths.json"), network).WidthsFor(network));
            var layers = network.Layers.Select(l => l.Name).Select(l => config.Groups.FirstOrDefault(g => g.Layers.Contains(l))?.Width);
            File.WriteAllText(_folder.File("layers"), string.Join(' ', layers.Where(w => w is not null)));
            Assert.Equal(widths, ChannelConfig.LoadWidths(_folder.File("layers"), network).WidthsFor(network));
        });
    }

    [Theory]
    [InlineData("", "width 1 is ''")]
    [InlineData("[5, 6, 7", "no JSON")]
    [InlineData("[[5, 6, 7, 8, 9, 10]]", "width 1 is '[5, 6")]
    [InlineData("5 6 7 8 9 ten", "width 6 is 'ten'")]
    [InlineData("[5, 6, 7, 8, 9, 10.5]", "width 6 is '10.5'")]
    [InlineData("5,,6", "width 2 is ''")]
    [InlineData("5 6 7 8 9 99999999999", "width 6 is '99999999999'")]
    [InlineData("[]", "0 widths; network 'cifar-resnet8' has 6 channel groups and 9 layers")]
    [InlineData("5 6 7 8 9", "5 widths; network 'cifar-resnet8' has 6 channel groups and 9 layers")]
    [InlineData("5 6 7 8 9 0", "0 channels; needed is a number in [1, 64], the width of channel group 'layer3.0.conv2'")]
    [InlineData("17 6 7 8 9 10", "17 channels; needed is a number in [1, 16], the width of channel group 'conv1'")]
    [InlineData("5 6 -5 7 8 8 9 10 10", "-5 channels")]
    [InlineData("5 6 4 7 8 8 9 10 10",
        "layer 'conv1' 5 channels, but layer 'layer1.0.conv2' 4: both belong to channel group 'conv1'")]
    public void What_does_not_fit_is_named(string text, string why)
    {
        var path = _folder.Write(Encoding.UTF8.GetBytes(text));
        Assert.Contains(why, ConfigFolder.Refusal(path, () => ChannelConfig.LoadWidths(path, Network)));
    }

    [Fact]
    public void Files_of_another_kind_are_refused()
    {
        foreach (var content in (byte[][])[new byte[5 << 20], [.. Enumerable.Repeat((byte)' ', 1 << 20), 1],
            [.. Enumerable.Repeat((byte)'[', 1 << 20)]])
        {
            var path = _folder.Write(content);
            ConfigFolder.Refusal(path, () => ChannelConfig.LoadWidths(path, Network));
        }
        Assert.Throws<FileNotFoundException>(() => ChannelConfig.LoadWidths(_folder.File("none"), Network));
    }
}
