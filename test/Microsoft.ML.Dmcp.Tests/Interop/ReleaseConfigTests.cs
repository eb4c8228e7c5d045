using Microsoft.ML.Dmcp.Interop.Configs;
using Microsoft.ML.Dmcp.Tests.Reference;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>Structures from the authors' release and for it.</summary>
public sealed class ReleaseConfigTests : IDisposable
{
    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // Parameters: counted by PyTorch in the network that the release builds of the file.
    [Theory]
    [InlineData("resnet18", "resnet18", "release-resnet18", 1_791_394)]
    [InlineData("resnet50", "resnet50", "release-resnet50", 2_066_335)]
    [InlineData("mobilenetv2-1.5x", "mobilenetv2@1.5", "release-mobilenetv2", 339_240)]
    public void A_structure_that_the_release_sampled_is_the_network_that_the_release_trains(
        string figures, string name, string file, long parameters)
    {
        var network = ConfigFolder.Network(name);
        var config = ChannelConfig.LoadDmcpRelease(ConfigFolder.Numpy(file), network);
        var golden = Golden.Figures.Networks.Single(n => n.Network == figures);
        Assert.Equal(golden.Layers.Select(l => l.ExpectedSampling).Order(), config.Groups.Select(g => g.Width).Order());
        Assert.Equal(golden.PatternExpectedSamplingMFlops, config.Flops / 1e6, 0.0051);
        Assert.Equal(parameters, config.Parameters);
        Assert.Equal("dmcp-release", config.Method.Name);
        Assert.Equal(config.ToJson(), ChannelConfig.FromJson(config.ToJson()).ToJson());
    }

    [Theory]
    [InlineData("protocol2")]
    [InlineData("protocol4")]
    [InlineData("protocol5")]
    [InlineData("integers")]
    [InlineData("numpy2")]
    public void Whatever_Python_and_NumPy_wrote_a_dict_it_is_read(string file)
    {
        var network = ConfigFolder.Network("resnet18");
        Assert.Equal(
            ChannelConfig.LoadDmcpRelease(ConfigFolder.Numpy("release-resnet18"), network).ToJson(),
            ChannelConfig.LoadDmcpRelease(ConfigFolder.Numpy(file), network).ToJson());
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("mobilenetv2")]
    [InlineData("mobilenetv2@1.5")]
    public void Widths_that_go_to_the_release_come_back_from_its_folder(string name)
    {
        var network = ConfigFolder.Network(name);
        RandomCases.WidthsOf(network).Check(10, widths =>
        {
            var config = ChannelConfig.Of(network, widths, new SearchMethod("none", new Dictionary<string, string>()));
            config.SaveAsDmcpRelease(_folder.File("sampled/sample.npy"), network);
            Assert.Equal(widths, ChannelConfig.LoadDmcpRelease(_folder.File("sampled"), network).WidthsFor(network));
        });
    }

    [Fact]
    public void What_the_release_wrote_is_written_as_the_same_dict()
    {
        var network = ConfigFolder.Network("mobilenetv2@1.5");
        var path = ConfigFolder.Numpy("release-mobilenetv2");
        ChannelConfig.LoadDmcpRelease(path, network).SaveAsDmcpRelease(_folder.File("ours"), network);
        Assert.Equivalent(NumpyDict.Read(File.ReadAllBytes(path)), NumpyDict.Read(File.ReadAllBytes(_folder.File("ours"))), strict: true);
    }

    [Theory]
    [InlineData("layer2.1.conv2", 1, 77L, "layer 'layer2.0.conv2'", "channels, but layer 'layer2.1.conv2' 77", "'layer2.0.conv2'")]
    [InlineData("layer2.1.conv2", 0, 9L, "layer 'layer2.1.conv1'", "the input of layer 'layer2.1.conv2' 9", "'layer2.1.conv1'")]
    [InlineData("layer1.0.conv1", 1, 0L, "0 channels", "[1, 64]", "'layer1.0.conv1'")]
    [InlineData("layer1.0.conv1", 1, 65L, "65 channels", "[1, 64]", "'layer1.0.conv1'")]
    [InlineData("layer1.0.conv1", 1, "5", "'layer1.0.conv1'", "no pair", "integers")]
    public void The_first_layer_that_does_not_fit_is_named_with_both_widths_and_the_group(
        string place, int at, object value, string first, string second, string third)
    {
        var message = Refused(dict => ((object?[])Parent(dict, place)[place.Split('.')[^1]]!)[at] = value);
        Assert.All((string[])[first, second, third], part => Assert.Contains(part, message));
    }

    [Fact]
    public void A_layer_too_few_or_too_many_is_named()
    {
        Assert.Contains("no entry 'layer3.1.conv1'", Refused(dict => Parent(dict, "layer3.1.conv1").Remove("conv1")));
        Assert.Contains("'layer3.2'", Refused(dict => Parent(dict, "layer3.2")["2"] = new Dictionary<string, object?>()));
        Assert.Contains("'conv_last'", Refused(dict => dict["conv_last"] = 5L));
        Assert.Contains("'fc' is no integer", Refused(dict => dict["fc"] = new object?[] { 5L, 5L }));
        var resnet50 = ConfigFolder.Network("resnet50");
        var path = ConfigFolder.Numpy("release-resnet18");
        Assert.Contains("no entry 'layer1.0.conv3'", ConfigFolder.Refusal(path, () => ChannelConfig.LoadDmcpRelease(path, resnet50)));
    }

    [Fact]
    public void A_dict_that_holds_itself_or_one_dict_many_times_is_refused_at_once()
    {
        // {'layer1': the dict itself}, by the memo.
        var path = _folder.Write([.. PickleFile.Header, .. PickleFile.Array([.. "}q\u0007X\u0006\0\0\0layer1h\u0007s"u8])]);
        var network = ConfigFolder.Network("resnet18");
        Assert.Contains("'layer1.layer1'", ConfigFolder.Refusal(path, () => ChannelConfig.LoadDmcpRelease(path, network)));
        // A list of twice the list before, and so on: 2 to the power of 60 numbers, were it unfolded.
        byte[] lists = [.. "(]q\0"u8];
        for (byte i = 1; i <= 60; i++)
            lists = [.. lists, .. "](h"u8, (byte)(i - 1), (byte)'h', (byte)(i - 1), .. "eq"u8, i];
        _folder.Write([.. PickleFile.Header, .. PickleFile.Array([.. "}"u8, .. PickleFile.Text("conv1"), .. lists, .. "ts"u8])]);
        Assert.Contains("'conv1' is no integer", ConfigFolder.Refusal(path, () => ChannelConfig.LoadDmcpRelease(path, network)));
    }

    [Fact]
    public void A_network_that_the_release_does_not_have_is_refused_with_its_layer()
    {
        var network = NetworkZoo.Vgg16().Describe(3, 64, 64, 10);
        var uniform = ChannelConfig.Of(network, network.FullWidths, new SearchMethod("none", new Dictionary<string, string>()));
        var refusal = Assert.Throws<ArgumentException>(() => uniform.SaveAsDmcpRelease(_folder.File("x"), network));
        Assert.Contains("'features.0'", refusal.Message);
        var joined = new NetworkArchitecture("joined", net =>
        {
            var x = net.Conv(net.Input, 8, kernel: 3, name: "conv1");
            var y = net.Concat([x, net.Conv(x, 8, kernel: 3, name: "layer1.0.conv1")]);
            net.Linear(net.GlobalAveragePool(y), net.Classes, name: "fc");
        }).Describe(3, 16, 16, 4);
        var path = ConfigFolder.Numpy("release-resnet18");
        Assert.Contains("'fc'", Assert.Throws<ArgumentException>(() => ChannelConfig.LoadDmcpRelease(path, joined)).Message);
        var other = ConfigFolder.Network("resnet18");
        Assert.Throws<ArgumentException>(() => uniform.SaveAsDmcpRelease(_folder.File("x"), other));
        Assert.Throws<FileNotFoundException>(() => ChannelConfig.LoadDmcpRelease(_folder.File("none"), other));
        Assert.Throws<FileNotFoundException>(() => ChannelConfig.LoadDmcpRelease(Path.GetDirectoryName(_folder.File("x"))!, other));
    }

    private static Dictionary<string, object?> Parent(Dictionary<string, object?> dict, string place) =>
        place.Split('.')[..^1].Aggregate(dict, (inner, key) => (Dictionary<string, object?>)inner[key]!);

    private string Refused(Action<Dictionary<string, object?>> change)
    {
        var dict = NumpyDict.Read(File.ReadAllBytes(ConfigFolder.Numpy("release-resnet18")));
        change(dict);
        var path = _folder.Write(NumpyDict.Write(dict));
        var network = ConfigFolder.Network("resnet18");
        return ConfigFolder.Refusal(path, () => ChannelConfig.LoadDmcpRelease(path, network));
    }
}
