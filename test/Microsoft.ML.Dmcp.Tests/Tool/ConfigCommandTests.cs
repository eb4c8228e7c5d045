using System.Globalization;
using Microsoft.ML.Dmcp.Tests.Budgets;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>Channel configs and latencies by lines of the tool.</summary>
public sealed class ConfigCommandTests : IDisposable
{
    private const string Network = "cifar-resnet20@0.5";

    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("release", "sample.npy")]
    [InlineData("mmrazor", "units.json")]
    [InlineData("widths", "widths.json")]
    public void A_config_that_goes_to_another_tool_and_back_keeps_its_widths(string format, string file)
    {
        var network = NetworkZoo.ResNet18().Describe(3, 64, 64, 10);
        var config = UniformScaling.Find(network, Budget.FlopsRatio(0.3));
        config.Save(Path.Combine(_folder.Root, "ours.json"));
        _folder.Run("convert", "ours.json", file, "--to", format).Succeeded();
        string[] network18 = ["--network", "resnet18", "--size", "64", "--classes", "10"];
        var back = _folder.Run(["convert", file, "back.json", "--from", format, .. network18, "--json"]).Succeeded().Json;
        Assert.Equal(config.Flops / 1e6, back.GetProperty("mFlops").GetDouble(), 1e-9);
        var read = ChannelConfig.Load(Path.Combine(_folder.Root, "back.json"));
        Assert.Equal(config.WidthsFor(network), read.WidthsFor(network));
    }

    [Fact]
    public void Two_configs_are_compared_layer_by_layer_and_by_what_they_cost()
    {
        var network = NetworkZoo.ResNet18().Describe(3, 64, 64, 10);
        var (half, third) = (UniformScaling.Find(network, Budget.FlopsRatio(0.5)), UniformScaling.Find(network, Budget.FlopsRatio(0.3)));
        half.Save(Path.Combine(_folder.Root, "half.json"));
        third.Save(Path.Combine(_folder.Root, "third.json"));
        var result = _folder.Run("compare", "half.json", "third.json", "--json").Succeeded().Json;
        var expected = half.DifferenceFrom(third);
        Assert.Equal(
            expected.Select(d => (d.Layer, d.Difference)),
            result.GetProperty("layers").EnumerateArray()
                .Select(l => (l.GetProperty("layer").GetString()!, l.GetProperty("difference").GetInt32())));
        var table = _folder.Run("compare", "half.json", "third.json").Succeeded().Output;
        Assert.All(expected, d => Assert.Contains(d.Layer, table));
        Assert.Contains("MFLOPs", table);
    }

    [Fact]
    public void A_measured_table_is_kept_and_predicts_the_times_that_are_shown()
    {
        var result = _folder.Run(
            ["profile", "--network", Network, "--size", "12", "--classes", "4", "--seconds", "1", "--output", "table.json", "--json"]);
        var times = result.Succeeded().Json.GetProperty("times").EnumerateArray().ToArray();
        Assert.Equal([1, 0.75, 0.5, 0.25], times.Select(t => t.GetProperty("flopsShare").GetDouble()));
        var table = LatencyTable.Load(Path.Combine(_folder.Root, "table.json"));
        var description = NetworkZoo.Find(Network).Describe(3, 12, 12, 4);
        Assert.Equal(table.MillisecondsOf(description, description.FullWidths), times[0].GetProperty("milliseconds").GetDouble(), 1e-9);
    }

    [Fact]
    public void A_table_serves_as_a_budget()
    {
        var description = NetworkZoo.Find(Network).Describe(3, 12, 12, 4);
        var table = HandMadeTable.Of(description, (inputs, outputs) => 1 + inputs * outputs, 8, 16);
        table.Save(Path.Combine(_folder.Root, "table.json"));
        _folder.Draw("images", perClass: 2);
        var most = 0.7 * table.MillisecondsOf(description, description.FullWidths);
        var milliseconds = most.ToString("0.######", CultureInfo.InvariantCulture);
        string[] budget = ["--latency", milliseconds, "--latency-table", "table.json", "--width-multiple", "8", "--dry-run"];
        var pruned = _folder.Run(["prune", "--data", "images", "--network", Network, "--size", "12", .. budget]).Succeeded();
        Assert.Contains($"by latency table {table.Id}", pruned.Output);
    }

    [Fact]
    public void Checking_a_table_times_random_networks_of_round_widths_and_says_how_far_off_it_is()
    {
        string[] line =
            ["profile", "--network", Network, "--size", "12", "--seconds", "1", "--check", "3", "--width-multiple", "4"];
        var check = _folder.Run([.. line, "--json"]).Succeeded().Json.GetProperty("check");
        var networks = check.GetProperty("networks").EnumerateArray().ToArray();
        Assert.Equal(3, networks.Length);
        foreach (var width in networks.SelectMany(n => n.GetProperty("widths").EnumerateArray()))
            Assert.Equal(0, width.GetInt32() % 4);
        var errors = networks.Select(
            n => Math.Abs(n.GetProperty("predicted").GetDouble() / n.GetProperty("measured").GetDouble() - 1)).ToArray();
        Assert.Equal(errors.Average(), check.GetProperty("meanError").GetDouble(), 1e-9);
        Assert.Equal(errors.Max(), check.GetProperty("largestError").GetDouble(), 1e-9);
        Assert.Contains("3 random networks: predictions are off by ", _folder.Run(line).Output);
    }
}
