using System.Text.Json;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>From a folder of drawn images to pruned networks, their files and predictions, by lines of the tool.</summary>
public sealed class PruningCommandTests : IDisposable
{
    private static readonly string[] Small =
    [
        "--data", "images", "--network", "cifar-resnet20@0.5", "--size", "12", "--batch", "8", "--epochs", "2", "--threads", "1",
    ];

    private static readonly string[] Results = ["model.zip", "model.onnx", "config.json", "report.html"];

    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_and_a_budget_become_a_model_that_predicts_as_accurately_as_it_says_and_goes_to_other_runtimes()
    {
        Draw();
        var result = _folder.Run(["prune", .. Small, "--flops", "50%", "--params", "0.04M", "--search-epochs", "2", "--json"])
            .Succeeded().Json;
        Assert.All(Results, file => Assert.True(File.Exists(Path.Combine(_folder.Root, "pruned", file)), file));
        var config = ChannelConfig.Load(Path.Combine(_folder.Root, "pruned", "config.json"));
        Assert.InRange(config.Flops, 1, config.UnprunedFlops / 2);
        Assert.Equal(config.Flops / 1e6, result.GetProperty("mFlops").GetDouble(), 1e-9);
        Assert.Contains("✓ met", File.ReadAllText(Path.Combine(_folder.Root, "pruned", "report.html")));

        var lines = _folder.Run("predict", "pruned/model.zip", "images/val", "--csv", "--top", "2").Succeeded().Output.Trim().Split('\n');
        Assert.Equal("path,rank,class,probability", lines[0]);
        var first = lines[1..].Select(l => l.Split(',')).Where(cells => cells[1] == "1").ToArray();
        Assert.Equal(8, first.Length);
        var right = first.Count(cells => Path.GetFileName(Path.GetDirectoryName(cells[0])) == cells[2]);
        Assert.Equal(right / 8.0, result.GetProperty("accuracy").GetDouble(), 1e-9);
        var json = _folder.Run("predict", "pruned/model.zip", first[0][0], "--top", "2", "--json").Succeeded().Json;
        var classes = json[0].GetProperty("classes");
        Assert.Equal(2, classes.GetArrayLength());
        Assert.Equal(first[0][2], classes[0].GetProperty("name").GetString());

        var onnx = _folder.Run("export", "pruned/model.zip", "out/a.onnx", "--opset", "15", "--json").Succeeded().Json;
        Assert.Equal(new FileInfo(Path.Combine(_folder.Root, "out", "a.onnx")).Length, onnx.GetProperty("bytes").GetInt64());
        _folder.Run("export", "pruned/model.zip", "out/a.int8.onnx", "--int8", "images/train").Succeeded();
        _folder.Run("export", "pruned/model.zip", "out/a.safetensors").Succeeded();

        // What was written serves as a given network, whose pruned one learns from it.
        string[] again = ["retrain", "--chcfg", "pruned/config.json", "--data", "images", "--weights", "out/a.onnx"];
        Assert.Contains("does not fit network 'a'", _folder.Run(again).Failure);
    }

    [Fact]
    public void A_given_network_is_trained_on_the_images_and_then_pruned_and_its_accuracy_is_told()
    {
        Draw();
        _folder.Run(["prune", .. Small, "--flops", "1", "--method", "uniform", "--output", "given"]).Succeeded();
        string[] line = ["prune", "--data", "images", "--weights", "given/model.onnx", "--size", "12", "--batch", "8", "--threads", "1"];
        string[] epochs = ["--whole-epochs", "1", "--search-epochs", "2", "--epochs", "1"];
        var result = _folder.Run([.. line, .. epochs, "--method", "filters", "--flops", "0.5", "--json"]).Succeeded().Json;
        Assert.InRange(result.GetProperty("unprunedAccuracy").GetDouble(), 0, 1);
        Assert.StartsWith("global", result.GetProperty("method").GetString());
    }

    [Fact]
    public void A_run_that_Ctrl_C_stopped_goes_on_with_the_same_line()
    {
        Draw();
        string[] line = ["prune", .. Small, "--flops", "0.5", "--search-epochs", "3", "--json"];
        using var stop = new CancellationTokenSource();
        var stopped = _folder.Run(new StoppingWriter("epoch  2/3", stop), stop.Token, line);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains("The same line goes on where it was.", stopped.Error);
        var resumed = _folder.Run(line).Succeeded();
        Assert.DoesNotContain("epoch  1/3", resumed.Error);
        // The curves are those of the whole run.
        var page = Reports.PruningReportTests.Page(File.ReadAllText(Path.Combine(_folder.Root, "pruned", "report.html")));
        var epochs = Reports.PruningReportTests.Rows(page, "The end of every epoch").Skip(1).Select(r => r[1]);
        Assert.Equal(["1 of 3", "2 of 3", "3 of 3", "1 of 2", "2 of 2"], epochs);
    }

    [Fact]
    public void A_channel_config_is_trained_as_it_is()
    {
        Draw();
        var network = NetworkZoo.Find("cifar-resnet20@0.5").Describe(3, 12, 12, TestImages.Classes);
        var config = UniformScaling.Find(network, Budget.FlopsRatio(0.3));
        config.Save(Path.Combine(_folder.Root, "third.json"));
        string[] line = ["retrain", "--chcfg", "third.json", "--data", "images", "--batch", "8", "--epochs", "1", "--threads", "1"];
        var result = _folder.Run([.. line, "--json"]).Succeeded().Json;
        Assert.Equal(config.Flops / 1e6, result.GetProperty("mFlops").GetDouble(), 1e-9);
        Assert.All(Results, file => Assert.True(File.Exists(Path.Combine(_folder.Root, "retrained", file)), file));
        Assert.Contains("Nothing was trained.", _folder.Run([.. line, "--dry-run"]).Succeeded().Output);
    }

    [Fact]
    public void A_sweep_keeps_what_is_done_and_ends_with_a_table_and_a_plot()
    {
        Draw();
        string[] line = ["sweep", .. Small, "--method", "uniform", "--flops"];
        var first = _folder.Run([.. line, "0.5", "--json"]).Succeeded();
        var both = _folder.Run([.. line, "0.5,25%", "--json"]).Succeeded();
        Assert.Contains("Budget 1 of 2: 50 % of the FLOPs, done before", both.Error);
        var results = both.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(Text(first.Json.GetProperty("results")[0]), Text(results[0]));
        Assert.True(results[1].GetProperty("mFlops").GetDouble() < results[0].GetProperty("mFlops").GetDouble());
        var page = Reports.PruningReportTests.Page(File.ReadAllText(Path.Combine(_folder.Root, "sweep", "sweep.html")));
        var rows = Reports.PruningReportTests.Rows(page, "Networks");
        Assert.Equal(["network", "0.5", "25%"], rows.Select(r => r[0]));
        var links = page.Descendants("a").Select(a => Uri.UnescapeDataString((string)a.Attribute("href")!));
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(_folder.Root, "sweep", link)), link));
        Assert.Contains("unpruned", _folder.Run([.. line, "0.5,25%"]).Succeeded().Output);

        // Results of other options do not get into the table.
        var other = _folder.Run([.. line, "0.5", "--seed", "2"]);
        Assert.Equal(2, other.ExitCode);
        Assert.Contains("has the result of other options or images", other.Failure);

        static string Text(JsonElement element) => element.GetRawText();
    }

    [Theory]
    [InlineData("prune", "--flops", "0.5")]
    [InlineData("sweep", "--flops", "0.5,0.25")]
    public void A_dry_run_says_what_would_happen_and_writes_nothing(params string[] line)
    {
        Draw();
        var output = _folder.Run([line[0], .. Small, .. line[1..], "--dry-run"]).Succeeded().Output;
        Assert.Contains("within reach", output);
        Assert.Contains("8 to measure on, 4 classes, 12x12 pixels, roughly", output);
        Assert.Equal(["images"], Directory.GetFileSystemEntries(_folder.Root).Select(Path.GetFileName));
    }

    [Fact]
    public void Unreadable_pictures_are_named_and_left_out_of_the_predictions()
    {
        Draw();
        _folder.Run(["prune", .. Small, "--flops", "0.5", "--method", "uniform"]).Succeeded();
        var good = Directory.GetFiles(Path.Combine(_folder.Root, "images", "val"), "*.png", SearchOption.AllDirectories)[0];
        Directory.CreateDirectory(Path.Combine(_folder.Root, "mixed"));
        File.Copy(good, Path.Combine(_folder.Root, "mixed", "a, \"b\".png"));
        _folder.Write("mixed/bad.png", "no picture");
        var result = _folder.Run("predict", "pruned/model.zip", "mixed", "--csv").Succeeded();
        Assert.Contains("'mixed" + Path.DirectorySeparatorChar + "bad.png' is left out", result.Error);
        Assert.Contains("\"mixed" + Path.DirectorySeparatorChar + "a, \"\"b\"\".png\",1,", result.Output);
        var none = _folder.Run("predict", "pruned/model.zip", "mixed/bad.png");
        Assert.Equal((2, ""), (none.ExitCode, none.Output));
        Assert.Contains("None of 1 images could be read.", none.Failure);
    }

    private void Draw()
    {
        _folder.Draw("images/train", perClass: 6);
        _folder.Draw("images/val", perClass: 2);
    }
}
