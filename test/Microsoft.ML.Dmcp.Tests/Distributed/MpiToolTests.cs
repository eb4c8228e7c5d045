using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Dmcp.Tests.Tool;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>The command dmcp as several ranks: <c>mpirun -np 2 dmcp ...</c>.</summary>
[Collection(MpiCollection.Name)]
public sealed partial class MpiToolTests : IDisposable
{
    // A batch is all images: rounding does not grow into other results in so few iterations.
    private static readonly string[] Prune =
    [
        "prune", "--data", "images", "--network", "cifar-resnet20@0.5", "--size", "12", "--batch", "32", "--search-epochs", "2",
        "--epochs", "2", "--threads", "1", "--flops", "0.5", "--json",
    ];

    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [MpiFact]
    public void Two_ranks_find_and_train_what_one_does_and_the_first_alone_answers_and_writes()
    {
        _folder.Draw("images", perClass: 10);
        var one = _folder.Run([.. Prune, "--output", "one"]).Succeeded();
        var (status, output, error) = Ranks([.. Prune, "--output", "two"]);
        Assert.True(status == 0, error);
        // One answer and nothing else.
        var two = JsonDocument.Parse(output).RootElement;
        Assert.Equal(one.Json.GetProperty("mFlops").GetDouble(), two.GetProperty("mFlops").GetDouble(), 1e-9);
        Assert.Equal(WidthsOf("one/config.json"), WidthsOf("two/config.json"));
        Assert.Equal(Files("one"), Files("two"));
        Assert.Equal(Epochs(one.Error), Epochs(error));
        Assert.Equal(4, Epochs(error).Length);
    }

    [MpiFact]
    public void A_config_of_the_release_has_the_batch_of_each_rank_and_its_results_are_those_of_one_with_the_whole_batch()
    {
        _folder.Draw("images/train", perClass: 8);
        _folder.Draw("images/val", perClass: 2);
        string[] line =
        [
            "train", "--config", ToolFolder.Config("res18", "dmcp"), "--data", "images", "--flops", _folder.Target("res18", 0.5),
            .. ToolFolder.SmallSearch, "--json",
        ];
        var one = _folder.Run([.. line, "--set", "save_path=one", "--set", "dataset.batch_size=32"]).Succeeded().Json;
        var (status, output, error) = Ranks([.. line, "--set", "save_path=two", "--set", "dataset.batch_size=16"]);
        Assert.True(status == 0, error);
        var two = JsonDocument.Parse(output).RootElement;
        Assert.Equal(one.GetProperty("expectedMFlops").GetDouble(), two.GetProperty("expectedMFlops").GetDouble(), 1e-3);
        var (first, second) = (one.GetProperty("folder").GetString()!, two.GetProperty("folder").GetString()!);
        Assert.Equal(WidthsOf(Path.Combine(first, "model_sample/expected_ch/config.json")),
            WidthsOf(Path.Combine(second, "model_sample/expected_ch/config.json")));
        Assert.Equal(Files(first).Length, Files(second).Length);
        // A line of the log for each epoch, from one rank.
        Assert.Equal(File.ReadAllLines(Path.Combine(first, "log.txt")).Length, File.ReadAllLines(Path.Combine(second, "log.txt")).Length);
    }

    [MpiFact]
    public void What_is_wrong_for_all_ranks_is_said_once_with_the_exit_code_of_one_process()
    {
        var (status, output, error) = Ranks(Prune);
        Assert.Equal(2, status);
        Assert.Equal("", output);
        Assert.Contains("There is no folder 'images'", Line(error, "error: "), StringComparison.Ordinal);
        Assert.DoesNotContain("ends the run", error, StringComparison.Ordinal);
    }

    [MpiFact]
    public void What_is_wrong_for_one_rank_ends_the_job_with_its_reason()
    {
        _folder.Draw("images", perClass: 5);
        // As where a folder is not on every machine.
        string[] other = [.. Prune.Select(word => word == "images" ? "nowhere" : word)];
        var (status, output, error) = MpiRun.Tool(_folder.Root, [Prune, other]);
        Assert.NotEqual(0, status);
        Assert.Equal("", output);
        Assert.Contains("Rank 1 of 2 ends the run: There is no folder 'nowhere'", error, StringComparison.Ordinal);
    }

    [MpiFact]
    public void What_cannot_be_shared_is_done_and_said_once()
    {
        var (status, output, error) = Ranks(["summary", "--network", "cifar-resnet20", "--json"]);
        Assert.True(status == 0, error);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(output).RootElement.ValueKind);
    }

    /// <summary>The line that begins so, of which there is one.</summary>
    private static string Line(string text, string beginning) =>
        Assert.Single(text.Split('\n'), line => line.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Loss and accuracy of every epoch, without its speed.</summary>
    private static string[] Epochs(string text) => [.. EpochLine().Matches(text).Select(m => m.Value)];

    [GeneratedRegex("^(search|train) .* accuracy [0-9.]+ %", RegexOptions.Multiline)]
    private static partial Regex EpochLine();

    private (int Status, string Output, string Error) Ranks(string[] line) => MpiRun.Tool(_folder.Root, [line, line]);

    private int[] WidthsOf(string config) => [.. ChannelConfig.Load(Path.Combine(_folder.Root, config)).Groups.Select(g => g.Width)];

    private string[] Files(string folder)
    {
        var root = Path.Combine(_folder.Root, folder);
        return [.. Directory.GetFiles(root, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(root, f)).Order()];
    }
}
