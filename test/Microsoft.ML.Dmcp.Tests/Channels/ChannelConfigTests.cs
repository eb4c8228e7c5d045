using CsCheck;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Tests.Reference;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Channels;

public sealed class ChannelConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-config").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public Task An_emitted_channel_config_keeps_its_format()
    {
        // Expected sampling from α as they stand after a search: the pattern of the reference figures, moved to half of the FLOPs.
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        using var model = new MarkovModel(network, new WidthRange(), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        using (no_grad())
            for (var g = 0; g < network.Groups.Count; g++)
                model.Alpha.select(0, g).copy_(tensor(Enumerable.Range(0, 9).Select(i => Golden.Alpha(g, i)).ToArray()));
        var options = new DmcpSearchOptions();
        var (widths, _) = ExpectedSampling.Sample(model, new AllowedWidths(network), options.Budget.For(network, model.Grid.MinWidths));
        var settings = options.ToSettings();
        settings["seed"] = "1";
        return Verifier.Verify(ChannelConfig.Of(network, widths, new SearchMethod("dmcp", settings)).ToJson(), "json")
            .UseDirectory("../Snapshots");
    }

    [Fact]
    public void A_saved_config_reads_back_equal()
    {
        var config = Sample();
        var path = Path.Combine(_folder, "deeper", "config.json");
        config.Save(path);
        Assert.Equal(config.ToJson(), ChannelConfig.Load(path).ToJson());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_config_reads_back_equal_whatever_its_widths_and_settings()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        var settings = Gen.Dictionary(Gen.String, Gen.String)[0, 5];
        Gen.Select(RandomCases.WidthsOf(network), settings).Check(100, (widths, settings) =>
        {
            var config = ChannelConfig.Of(network, widths, new SearchMethod("none", settings));
            var read = ChannelConfig.FromJson(config.ToJson());
            Assert.Equal(config.ToJson(), read.ToJson());
            Assert.Equal(widths, read.WidthsFor(network));
            Assert.Equal(settings, read.Method.Settings);
        });
    }

    [Fact]
    public void A_failed_save_leaves_the_old_file_whole_and_no_other_behind()
    {
        var path = Path.Combine(_folder, "config.json");
        File.WriteAllText(path, "old");
        Assert.Throws<IOException>(() => DurableFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Properties_of_later_versions_are_ignored_but_a_later_version_is_refused()
    {
        var json = Sample().ToJson();
        ChannelConfig.FromJson(json.Replace("\"classes\"", "\"later\": [1], \"classes\"", StringComparison.Ordinal));
        var error = Assert.Throws<FormatException>(
            () => ChannelConfig.FromJson(json.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal)));
        Assert.Contains("version 2", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": \"other\"")]
    [InlineData("not json")]
    public void A_file_that_is_no_config_is_refused_by_name(string text)
    {
        var path = Path.Combine(_folder, "broken.json");
        File.WriteAllText(path, text);
        Assert.Contains(path, Assert.Throws<FormatException>(() => ChannelConfig.Load(path)).Message);
    }

    [Fact]
    public void Every_truncation_of_a_config_is_refused_and_none_crashes()
    {
        var json = Sample().ToJson();
        for (var length = 0; length < json.Length; length += 7)
            Assert.Throws<FormatException>(() => ChannelConfig.FromJson(json[..length]));
    }

    [Theory]
    [InlineData("\"width\": 16", "\"width\": 0", "width 0")]
    [InlineData("\"width\": 16", "\"width\": 17", "width 17")]
    [InlineData("\"groups\": [", "\"groups\": null, \"x\": [", "groups")]
    [InlineData("\"classes\": 10", "\"classes\": 1", "1 classes")]
    [InlineData("Microsoft.ML.Dmcp/ChannelConfig", "Other/Config", "Other/Config")]
    public void Impossible_values_are_refused_and_named(string from, string to, string named)
    {
        var error = Assert.Throws<FormatException>(
            () => ChannelConfig.FromJson(Sample().ToJson().Replace(from, to, StringComparison.Ordinal)));
        Assert.Contains(named, error.Message);
    }

    [Fact]
    public void A_config_of_another_network_is_refused_with_the_first_difference()
    {
        var other = NetworkZoo.CifarResNet(32).Describe(3, 32, 32, 10);
        Assert.Contains("channel groups", Assert.Throws<ArgumentException>(() => Sample().WidthsFor(other)).Message);
        var wider = NetworkZoo.CifarResNet(20, 2).Describe(3, 32, 32, 10);
        Assert.Contains("16 channels", Assert.Throws<ArgumentException>(() => Sample().WidthsFor(wider)).Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(_folder, "none.json");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => ChannelConfig.Load(path)).Message);
    }

    private static ChannelConfig Sample()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        return ChannelConfig.Of(network, network.FullWidths, new SearchMethod("none", new Dictionary<string, string>()));
    }
}
