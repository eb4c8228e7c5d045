namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>The settings file dmcp.yaml.</summary>
public sealed class SettingsFileTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("flop: 3", ":1:1: flop is no setting. Did you mean 'flops'?")]
    [InlineData("summary:\n  siz: 3", ":2:3: summary.siz is no setting. Did you mean 'size'?")]
    [InlineData("sumary:\n  size: 3", ":1:1: sumary is no command. Did you mean 'summary'?")]
    [InlineData("network: resnet18\nsummary:\n    size: three", ":3:5: summary.size is wrong: --size is 'three'; needed is")]
    [InlineData("network: resnet19", ":1:1: network is wrong: No network is called 'resnet19'.")]
    [InlineData("size: [1, 2]", ":1:1: size is wrong: ")]
    [InlineData("size:", ":1:1: size has no value.")]
    [InlineData("size: {a: b}", "size is no command.")]
    [InlineData("size: 8\nsize: 9", "this is no YAML")]
    [InlineData("- size", ":1:1: needed are keys with values, such as 'data: photos'.")]
    [InlineData("size: [8", "this is no YAML")]
    [InlineData("---\nsize: 8\n---\nsize: 9", "a second document begins")]
    [InlineData("? [a]\n: 8", "a key is no plain text")]
    public void What_is_wrong_in_it_is_named_with_line_and_column(string text, string error)
    {
        var path = _folder.Write("dmcp.yaml", text);
        var result = _folder.Run("summary", "--network", "cifar-resnet20");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(path, result.Failure);
        Assert.Contains(error, result.Failure);
    }

    [Fact]
    public void A_line_counts_more_than_a_section_and_a_section_more_than_the_top()
    {
        _folder.Write("dmcp.yaml", "network: cifar-resnet20\nsize: 16\nclasses: 5\njson: true\nsummary:\n  size: 32\n");
        int Property(string name, params string[] more) => _folder.Run(["summary", .. more]).Succeeded().Json.GetProperty(name).GetInt32();
        Assert.Equal((32, 5), (Property("imageSize"), Property("classes")));
        Assert.Equal(64, Property("imageSize", "--size", "64"));
        _folder.Write("other.yaml", "network: cifar-resnet20\njson: true\n");
        Assert.Equal(224, Property("imageSize", "--settings", "other.yaml"));
    }

    [Fact]
    public void A_list_is_an_option_that_is_given_several_times()
    {
        _folder.Write("dmcp.yaml", $"""
            config: {ToolFolder.Config("res18", "dmcp")}
            set: [model.kwargs.num_classes=10, model.kwargs.input_size=32]
            """);
        var flops = NetworkCost.Flops(NetworkZoo.ResNet18().Describe(3, 32, 32, 10));
        Assert.Contains(
            FormattableString.Invariant($"flops: {flops.Count(NetworkZoo.ResNet18().Describe(3, 32, 32, 10).FullWidths) / 1e6:0.00}"),
            _folder.Run("calc-flops").Succeeded().Output);
    }

    [Fact]
    public void A_config_of_the_release_that_is_called_dmcp_yaml_too_is_not_taken_for_settings()
    {
        _folder.Write("dmcp.yaml", File.ReadAllText(ToolFolder.Config("res18", "dmcp")));
        _folder.Run("calc-flops", "--config", "dmcp.yaml").Succeeded();
    }

    [Fact]
    public void What_init_writes_is_read_with_and_without_its_comments_and_never_replaced_unasked()
    {
        _folder.Run("init").Succeeded();
        var path = Path.Combine(_folder.Root, "dmcp.yaml");
        Assert.Contains("is there already; --force replaces it.", _folder.Run("init").Failure);
        _folder.Run("summary", "--network", "cifar-resnet20").Succeeded();

        var text = File.ReadAllText(path);
        Assert.Contains("# Target in millions of multiply-adds. (train, eval, sample, calc-flops, calc-params)\n#flops: MFLOPS\n", text);
        // Every setting that has a default, uncommented.
        string[] used = ["#summary:", "#  size: 224", "#json: false"];
        var lines = text.Split('\n').Select(line => used.Contains(line) ? line[1..] : line);
        File.WriteAllText(path, string.Join('\n', lines));
        _folder.Run("summary", "--network", "cifar-resnet20").Succeeded();
        _folder.Run("init", "--force").Succeeded();
        Assert.Equal(text, File.ReadAllText(path));
    }
}
