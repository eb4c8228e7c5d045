using Microsoft.ML.Dmcp.Tool.Commands;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>What every command gets: help, completion, streams, exit codes.</summary>
public sealed class FrameTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Help_at_every_level_has_examples_defaults_and_exit_codes()
    {
        var root = _folder.Run("--help").Succeeded().Output;
        foreach (var command in ToolCommands.All())
        {
            Assert.Contains(command.Name, root);
            var help = _folder.Run(command.Name, "--help").Succeeded().Output;
            Assert.NotEmpty(command.Examples);
            Assert.All(command.Examples, example => Assert.Contains(example.Line, help));
            Assert.Contains("Exit codes: 0 done, 1 failed, 2 wrong input, 3 budget out of reach, 130 stopped", help);
            Assert.All(command.Options, option => Assert.NotEqual("", $"{option.Description}".Trim()));
        }
        Assert.Contains("[default: 224]", _folder.Run("summary", "--help").Output);
    }

    [Fact]
    public void Every_example_in_the_help_is_a_line_that_the_tool_reads()
    {
        var lines = ToolCommands.All().SelectMany(c => c.Examples).Select(e => e.Line);
        foreach (var line in lines.Where(l => l.StartsWith("dmcp ", StringComparison.Ordinal)))
        {
            var words = line.Split(" | ")[0].Split(' ')[1..];
            // It fails for lack of files, or is stopped at once; never for a word that is not known.
            var result = _folder.Run(new StringWriter(), new CancellationToken(canceled: true), words);
            Assert.DoesNotContain("Help: dmcp", result.Error);
        }
    }

    [Fact]
    public void The_table_of_a_network_has_every_layer_and_its_sums_are_the_costs_of_the_network()
    {
        var network = NetworkZoo.DenseNet121().Describe(3, 64, 64, 10);
        var result = _folder.Run("summary", "--network", "densenet121", "--size", "64", "--classes", "10", "--json").Succeeded().Json;
        var layers = result.GetProperty("layers").EnumerateArray().ToArray();
        Assert.Equal(NetworkCost.Flops(network).Count(network.FullWidths), layers.Sum(l => l.GetProperty("flops").GetInt64()));
        Assert.Equal(NetworkCost.Parameters(network).Count(network.FullWidths), layers.Sum(l => l.GetProperty("parameters").GetInt64()));
        var table = _folder.Run("summary", "--network", "densenet121", "--size", "64", "--classes", "10").Succeeded().Output;
        Assert.All(layers, layer => Assert.Contains(layer.GetProperty("layer").GetString()!, table));
        Assert.DoesNotContain('\e', table);
    }

    [Fact]
    public void The_widths_of_a_channel_config_are_those_of_the_table()
    {
        var network = NetworkZoo.ResNet18().Describe(3, 224, 224, 1000);
        var half = UniformScaling.Find(network, Budget.FlopsRatio(0.5));
        half.Save(Path.Combine(_folder.Root, "half.json"));
        var result = _folder.Run("summary", "--network", "resnet18", "--chcfg", "half.json", "--json").Succeeded().Json;
        Assert.Equal(half.Flops, result.GetProperty("flops").GetInt64());
        Assert.Equal(half.Parameters, result.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void Shells_are_told_the_commands_options_and_values_that_may_come_next()
    {
        string[] Suggested(string line) => _folder.Run($"[suggest:{line.Length}]", line).Succeeded().Output.Split('\n');
        Assert.Contains("calc-flops", Suggested("dmcp calc"));
        Assert.Contains("--checkpoint", Suggested("dmcp train --che"));
        Assert.Contains("mobilenetv2", Suggested("dmcp summary --network mob"));
        Assert.Contains("fish", Suggested("dmcp completion "));
        foreach (var shell in (string[])["bash", "zsh", "fish", "pwsh"])
            Assert.Contains("[suggest:", _folder.Run("completion", shell).Succeeded().Output);
    }

    [Fact]
    public void Verbose_shows_the_stack_of_an_error_and_nothing_else_does()
    {
        Assert.Contains("   at Microsoft.ML.Dmcp", _folder.Run("calc-flops", "--config", "none.yaml", "--verbose").Error);
        Assert.DoesNotContain("   at ", _folder.Run("calc-flops", "--config", "none.yaml").Error);
    }

    [Fact]
    public void What_is_stopped_before_it_begins_ends_with_130_and_writes_no_result()
    {
        _folder.Draw("images", perClass: 5);
        string[] line =
            ["train", "--config", ToolFolder.Config("res18", "dmcp"), "--data", "images", "--flops", "4", .. ToolFolder.Small, "--json"];
        var result = _folder.Run(new StringWriter(), new CancellationToken(canceled: true), line);
        Assert.Equal((130, ""), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("--mode train --config c", "train --config c")]
    [InlineData("--config c --mode=calc_flops --flops 43", "calc-flops --config c --flops 43")]
    [InlineData("-M calc-params -C c", "calc-params -C c")]
    [InlineData("--config c --data d", "eval --config c --data d")]
    [InlineData("train --config c", "train --config c")]
    [InlineData("--help", "--help")]
    public void The_line_of_the_release_is_that_of_the_command(string release, string ours) =>
        Assert.Equal(ours.Split(' '), ReleaseLine.Translate(release.Split(' ')));

    [Fact]
    public void Without_colours_a_terminal_gets_none()
    {
        var output = new StringWriter();
        var environment = new ToolEnvironment(output, TextWriter.Null) { Folder = _folder.Root, IsOutputTerminal = true };
        Assert.Equal(0, Microsoft.ML.Dmcp.Tool.Program.Run(["summary", "--network", "cifar-resnet20"], environment));
        Assert.DoesNotContain('\e', output.ToString());
    }
}
