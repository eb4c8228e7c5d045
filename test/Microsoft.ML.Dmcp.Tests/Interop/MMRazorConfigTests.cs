using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>Channel units of MMRazor's DMCP, from it and for it.</summary>
public sealed class MMRazorConfigTests : IDisposable
{
    // The choices of MMRazor's DMCP_R50_2G.json and DMCP_MBV2_100M.json (configs/pruning/mmcls/dmcp, 90c7af1).
    private static readonly int[] ResNet50 =
    [
        52, 22, 22, 106, 16, 16, 40, 16, 68, 56, 155, 32, 68, 56, 56, 80, 92, 256, 256, 1024, 106, 106, 131, 256, 131, 256, 256, 256,
        256, 256, 512, 512, 2048, 512, 461, 512, 512,
    ];

    private static readonly int[] MobileNet =
        [9, 10, 36, 16, 16, 48, 21, 41, 22, 60, 24, 44, 272, 272, 310, 36, 294, 351, 693, 80, 96, 864, 960, 192, 1280];

    private readonly ConfigFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("resnet50")]
    [InlineData("mobilenetv2")]
    public void A_subnet_of_MMRazor_is_read_and_written_with_its_names_in_its_order(string name)
    {
        var network = ConfigFolder.Network(name);
        var units = Units(name);
        foreach (var json in Forms(units))
        {
            var config = ChannelConfig.LoadMMRazor(_folder.Write(Encoding.UTF8.GetBytes(json.ToJsonString())), network);
            // MMRazor keeps all channels where it chooses more than there are: 693 of 576.
            Assert.Equal(units.Select(u => Math.Min(u.Choice, u.Channels)), config.Groups.Select(g => g.Width));
            Assert.Equal("mmrazor", config.Method.Name);
            config.SaveAsMMRazor(_folder.File("ours.json"), network);
        }
        using var ours = JsonDocument.Parse(File.ReadAllText(_folder.File("ours.json")));
        var written = ours.RootElement.GetProperty("channel_unit_cfg").GetProperty("units").EnumerateObject().ToArray();
        Assert.Equal(units.Select(u => u.Name), written.Select(u => u.Name));
        Assert.Equal(units.Select(u => Math.Min(u.Choice, u.Channels)), written.Select(u => u.Value.GetProperty("choice").GetInt32()));
        Assert.All(units.Zip(written), pair => Assert.Equal(
            pair.First.Channels, pair.Second.Value.GetProperty("init_args").GetProperty("num_channels").GetInt32()));
        Assert.Equal("DMCPChannelMutator", ours.RootElement.GetProperty("type").GetString());
        Assert.Equal("ChannelAnalyzer", ours.RootElement.GetProperty("parse_cfg").GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("resnet34")]
    [InlineData("resnet50")]
    [InlineData("mobilenetv2")]
    public void Widths_that_go_to_MMRazor_come_back(string name)
    {
        var network = ConfigFolder.Network(name);
        RandomCases.WidthsOf(network).Check(10, widths =>
        {
            var config = ChannelConfig.Of(network, widths, new SearchMethod("none", new Dictionary<string, string>()));
            config.SaveAsMMRazor(_folder.File("units.json"), network);
            Assert.Equal(widths, ChannelConfig.LoadMMRazor(_folder.File("units.json"), network).WidthsFor(network));
        });
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("{\"a\":", "no JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("7", "no JSON object")]
    [InlineData("{}", "no width for channel group 'conv1'")]
    [InlineData("{\"\\ud800\": 1}", "no JSON")]
    [InlineData("{\"channel_unit_cfg\": 3}", "no 'units'")]
    [InlineData("{\"channel_unit_cfg\": {\"units\": \"units.json\"}}", "no 'units'")]
    [InlineData("{\"backbone.conv1_(0, 64)_64\": 0.5}", "no integer")]
    [InlineData("{\"backbone.conv1_(0, 64)_64\": {\"choice\": \"52\"}}", "no integer")]
    [InlineData("{\"backbone.conv1_(0, 64)_64\": {}}", "no 'choice'")]
    [InlineData("{\"backbone.conv1_(0, 64)_64\": null}", "no integer")]
    [InlineData("{\"backbone.conv1_(0, 64)_64\": 0}", "layer 'conv1' 0 channels")]
    [InlineData("{\"backbone.conv1_(0, 64)_64\": 99999999999}", "no integer")]
    [InlineData("{\"backbone.conv1_(0, 32)_32\": 5}", "layer 'conv1' of network 'resnet50' has 64 channels")]
    [InlineData("{\"backbone.conv1_(0, 32)_64\": 5}", "has 64 channels")]
    [InlineData("{\"backbone.conv1\": 5}", "no such unit")]
    [InlineData("{\"neck.conv1_(0, 64)_64\": 5}", "no such unit")]
    [InlineData("{\"backbone.layer9.0.conv1_(0, 64)_64\": 5}", "no such unit")]
    [InlineData("{\"head.fc_(0, 1000)_1000\": 5}", "there are 1000")]
    [InlineData("{\"backbone.layer1.0.conv3_(0, 256)_256\": 5, \"backbone.layer1.2.conv3_(0, 256)_256\": 6}",
        "layer 'layer1.0.conv3' 5 channels, but layer 'layer1.2.conv3' 6: both belong to channel group 'layer1.0.conv3'")]
    public void What_does_not_fit_is_named(string json, string why)
    {
        var path = _folder.Write(Encoding.UTF8.GetBytes(json));
        var network = ConfigFolder.Network("resnet50");
        Assert.Contains(why, ConfigFolder.Refusal(path, () => ChannelConfig.LoadMMRazor(path, network)));
    }

    [Fact]
    public void Nesting_and_other_files_are_refused()
    {
        var network = ConfigFolder.Network("resnet50");
        foreach (var (content, why) in new (byte[], string)[]
        {
            (Encoding.ASCII.GetBytes(new string('[', 1 << 20)), "no JSON"),
            (new byte[5 << 20], "larger than 4 MB"),
            ([0xff, 0xfe, 0], "no JSON"),
        })
        {
            var path = _folder.Write(content);
            Assert.Contains(why, ConfigFolder.Refusal(path, () => ChannelConfig.LoadMMRazor(path, network)));
        }
        Assert.Throws<FileNotFoundException>(() => ChannelConfig.LoadMMRazor(_folder.File("none"), network));
        var dense = NetworkZoo.DenseNet121().Describe(3, 64, 64, 10);
        var path2 = _folder.Write([.. "{}"u8]);
        Assert.Contains("'features.conv0'", Assert.Throws<ArgumentException>(() => ChannelConfig.LoadMMRazor(path2, dense)).Message);
    }

    // The names that MMRazor gives the units, from the layout of MMClassification's networks.
    private static (string Name, int Channels, int Choice)[] Units(string network)
    {
        var units = new List<(string Layer, int Channels)>();
        if (network == "resnet50")
        {
            units.Add(("conv1", 64));
            int[] blocks = [3, 4, 6, 3];
            for (var stage = 0; stage < 4; stage++)
                for (var block = 0; block < blocks[stage]; block++)
                {
                    var layer = $"layer{stage + 1}.{block}";
                    units.AddRange([($"{layer}.conv1", 64 << stage), ($"{layer}.conv2", 64 << stage)]);
                    if (block == 0)
                        units.Add(($"{layer}.conv3", 256 << stage));
                }
        }
        else
        {
            units.AddRange([("conv1.conv", 32), ("layer1.0.conv.1.conv", 16)]);
            (int Channels, int Blocks)[] stages = [(16, 1), (24, 2), (32, 3), (64, 4), (96, 3), (160, 3), (320, 1)];
            for (var stage = 1; stage < 7; stage++)
                for (var block = 0; block < stages[stage].Blocks; block++)
                {
                    units.Add(($"layer{stage + 1}.{block}.conv.0.conv", 6 * stages[block == 0 ? stage - 1 : stage].Channels));
                    if (block == 0)
                        units.Add(($"layer{stage + 1}.{block}.conv.2.conv", stages[stage].Channels));
                }
            units.Add(("conv2.conv", 1280));
        }
        return units.Zip(network == "resnet50" ? ResNet50 : MobileNet,
            (u, choice) => ($"backbone.{u.Layer}_(0, {u.Channels})_{u.Channels}", u.Channels, choice)).ToArray();
    }

    // The choices, the units, and the mutator's config.
    private static IEnumerable<JsonObject> Forms(IReadOnlyList<(string Name, int Channels, int Choice)> units)
    {
        yield return new JsonObject(units.Select(u => KeyValuePair.Create(u.Name, (JsonNode?)u.Choice)));
        yield return Objects();
        yield return new JsonObject { ["channel_unit_cfg"] = new JsonObject { ["units"] = Objects() } };

        JsonObject Objects() => new(units.Select(u => KeyValuePair.Create(u.Name, (JsonNode?)new JsonObject { ["choice"] = u.Choice })));
    }
}
