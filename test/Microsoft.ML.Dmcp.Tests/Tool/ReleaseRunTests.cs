using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Dmcp.Tests.Interop;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>The six files of the release, run for a few iterations on drawn images.</summary>
public sealed class ReleaseRunTests : IDisposable
{
    private readonly ToolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mbv2", "MobileNetV2")]
    [InlineData("res18", "ResNet18")]
    [InlineData("res50", "ResNet50")]
    public void A_search_its_structures_and_a_retraining_run_in_the_folders_of_the_release(string network, string type)
    {
        var flops = _folder.Target(network, 0.6);
        // ImageNet's layout.
        _folder.Draw("images/train", perClass: 4);
        _folder.Draw("images/val", perClass: 1);
        string[] line = ["--data", "images", "--flops", flops];
        string[] first = ["--config", ToolFolder.Config(network, "dmcp"), .. line, .. ToolFolder.SmallSearch, "--json"];
        var search = _folder.Run(["train", .. first]).Succeeded();
        var found = search.Json;
        var folder = Folder(found);
        Assert.Matches($@"[/\\]results[/\\]DMCP{type}_{flops}_\d{{6}}$", folder);
        Assert.True(found.GetProperty("mFlops").GetDouble() <= double.Parse(flops, CultureInfo.InvariantCulture));
        Assert.Contains("not as in the release", search.Error);
        Assert.Contains("search   epoch  2/2", search.Error);
        foreach (var file in (string[])["log.txt", "statistics.json", "checkpoints/search.zip", "model_sample/expected_ch/config.json"])
            Assert.True(File.Exists(Path.Combine(folder, file)), file);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "events"), "*tfevents*", SearchOption.AllDirectories));

        // The release's own line, with the structure that the search wrote for it.
        var expected = Path.Combine(folder, "model_sample", "expected_ch");
        string[] second = ["--config", ToolFolder.Config(network, "retrain"), .. line, .. ToolFolder.Small, "--json"];
        var trained = _folder.Run(["--mode", "train", .. second, "--chcfg", expected]).Succeeded().Json;
        Assert.Matches($@"[/\\]results[/\\]Adaptive{type}_{flops}_\d{{6}}$", Folder(trained));
        Assert.Equal(found.GetProperty("mFlops").GetDouble(), trained.GetProperty("mFlops").GetDouble());

        string[] recovered = ["--set", "recover.enable=True", "--set", $"recover.checkpoint={folder}"];
        Assert.Equal(Evaluations(trained), Evaluations(_folder.Run(["eval", .. second, "--checkpoint", Folder(trained)]).Succeeded().Json));
        Assert.Equal(Evaluations(found), Evaluations(_folder.Run(["eval", .. first, .. recovered]).Succeeded().Json));
    }

    [Theory]
    [InlineData("mbv2")]
    [InlineData("res18")]
    public void Weights_that_the_release_trained_are_measured_at_the_structure_that_it_trained(string network)
    {
        _folder.Draw("images", perClass: 5);
        string[] line =
        [
            "eval", "--config", ToolFolder.Config(network, "retrain"), "--data", "images", .. ToolFolder.Small,
            "--set", "model.kwargs.input_size=32", "--chcfg", ReleaseStateDictTests.Structure(network),
        ];
        var weights = ReleaseStateDictTests.Weights(network);
        var measured = _folder.Run([.. line, "--checkpoint", weights, "--json"]).Succeeded().Json;
        Assert.Equal(weights, Folder(measured));
        Assert.Equal(4, Assert.Single(measured.GetProperty("evaluations").EnumerateArray()).GetProperty("images").GetInt32());
        string[] recovered = ["--set", "recover.enable=True", "--set", $"recover.checkpoint={weights}"];
        Assert.Equal(Evaluations(measured), Evaluations(_folder.Run([.. line, .. recovered, "--json"]).Succeeded().Json));
        var other = ReleaseStateDictTests.Weights(network == "mbv2" ? "res18" : "mbv2");
        Assert.Contains($"State dict '{other}' cannot be imported", _folder.Run([.. line, "--checkpoint", other]).Failure);
    }

    [Fact]
    public void Structures_are_drawn_for_another_target_from_a_finished_search_and_read_back_by_what_trains_them()
    {
        _folder.Draw("images", perClass: 5);
        var config = ToolFolder.Config("res18", "dmcp");
        // α is not trained, so that it stays where the release starts it.
        string[] untrained =
            [.. ToolFolder.SmallSearch, "--set", "arch_lr_scheduler.warmup_lr=1e-9", "--set", "arch_lr_scheduler.min_lr=1e-9", "--json"];
        string[] half = ["--data", "images", "--flops", _folder.Target("res18", 0.5)];
        var search = _folder.Run(["train", "--config", config, .. half, .. untrained]).Succeeded().Json;
        var folder = Folder(search);
        var start = _folder.Run(["calc-flops", "--config", config, .. untrained]).Succeeded().Json;
        var end = _folder.Run(["calc-flops", "--config", config, .. untrained, "--checkpoint", folder]).Succeeded().Json;
        Assert.Equal(start.GetProperty("expectedMFlops").GetDouble(), end.GetProperty("expectedMFlops").GetDouble(), 1e-4);

        var target = Math.Round(end.GetProperty("expectedMFlops").GetDouble(), 4).ToString(CultureInfo.InvariantCulture);
        string[] line = ["sample", "--config", config, "--flops", target, .. untrained, "--set", "arch.num_model_sample=3"];
        // Without a folder, the error names the newest.
        Assert.Contains(Path.GetFileName(folder), _folder.Run(line).Failure);
        var drawn = _folder.Run([.. line, "--checkpoint", Path.Combine(folder, "checkpoints", "search.zip")]).Succeeded().Json;
        var samples = Directory.GetDirectories(Path.Combine(Folder(drawn), "model_sample"), "sample_*");
        Assert.Equal(3, samples.Length);
        foreach (var sample in samples)
        {
            string[] count = ["calc-flops", "--config", ToolFolder.Config("res18", "retrain"), .. ToolFolder.Small, "--json"];
            var cost = _folder.Run([.. count, "--chcfg", sample]).Succeeded().Json.GetProperty("mFlops").GetDouble();
            var share = cost / double.Parse(target, CultureInfo.InvariantCulture);
            Assert.InRange(share, 0.99, 1.0001);
        }
    }

    [Fact]
    public void A_stopped_search_says_how_to_go_on_and_ends_as_if_it_had_not_been_stopped()
    {
        _folder.Draw("images", perClass: 5);
        var flops = _folder.Target("res18", 0.5);
        string[] line =
            ["train", "--config", ToolFolder.Config("res18", "dmcp"), "--data", "images", "--flops", flops, .. ToolFolder.SmallSearch];
        using var stop = new CancellationTokenSource();
        var stopped = _folder.Run(new StoppingWriter("epoch  1/2", stop), stop.Token, line);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Equal("", stopped.Output);
        var folder = Assert.Single(Directory.GetDirectories(Path.Combine(_folder.Root, "results")));
        Assert.EndsWith($"Stopped. Go on with the same line and --checkpoint {folder}\n", stopped.Error);
        Assert.True(File.Exists(Path.Combine(folder, "checkpoints", "search.ckpt")));

        var resumed = _folder.Run([.. line, "--checkpoint", folder, "--verbose"]).Succeeded();
        Assert.Contains("Resumed after", resumed.Error);
        Assert.DoesNotContain("epoch  1/2", resumed.Error);
        var structure = File.ReadAllBytes(Path.Combine(folder, "model_sample", "expected_ch", "sample.npy"));
        Directory.Delete(Path.Combine(_folder.Root, "results"), recursive: true);
        var whole = _folder.Run([.. line, "--json"]).Succeeded().Json.GetProperty("channelConfig").GetString()!;
        Assert.Equal(File.ReadAllBytes(Path.Combine(whole, "sample.npy")), structure);
    }

    [Fact]
    public void A_dry_run_says_what_would_be_trained_and_writes_nothing()
    {
        _folder.Draw("images", perClass: 5);
        string[] line = ["train", "--data", "images", "--flops", "4", .. ToolFolder.Small, "--dry-run"];
        var told = _folder.Run([.. line, "--config", ToolFolder.Config("res18", "dmcp")]).Succeeded();
        Assert.Contains("The budget is within reach.", told.Output);
        Assert.Contains("16 images to train on and 4 to measure on, 4 classes, 2 epochs in batches of 8", told.Output);
        Assert.Matches(@"roughly \d+ (seconds|minutes) on this processor", told.Output);
        string[] structure = ["--config", ToolFolder.Config("res18", "retrain"), "--chcfg", ConfigFolder.Numpy("release-resnet18")];
        Assert.Equal(16, _folder.Run([.. line, .. structure, "--json"]).Succeeded().Json.GetProperty("trainingImages").GetInt32());
        Assert.Equal([Path.Combine(_folder.Root, "images")], Directory.GetFileSystemEntries(_folder.Root));
    }

    private static string Folder(JsonElement result) => result.GetProperty("folder").GetString()!;

    private static (double, double)[] Evaluations(JsonElement result) =>
        [.. result.GetProperty("evaluations").EnumerateArray()
            .Select(e => (e.GetProperty("top1").GetDouble(), Math.Round(e.GetProperty("loss").GetDouble(), 6)))];
}
