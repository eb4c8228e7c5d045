using System.CommandLine;
using System.Text.RegularExpressions;
using Dmcp.Quickstart;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Tests.Package;

namespace Microsoft.ML.Dmcp.Tests.Samples;

public sealed partial class DemoTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-demo").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_help_of_the_script_names_every_option_with_its_default_and_no_other()
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "eng", "demo.sh")).TakeWhile(l => l.StartsWith('#')).ToArray();
        var explained = lines.Select(l => OptionLine().Match(l)).Where(m => m.Success).ToDictionary(m => m.Groups[1].Value, m => m.Value);
        var options = new DemoOptions().Command((_, _) => 0).Options.Where(o => o.Name != "--version").ToArray();
        Assert.Equal(options.Select(o => o.Name).Order(), explained.Keys.Order());
        Assert.All(options.Where(o => o.HasDefaultValue && o.GetDefaultValue() is not (null or false)),
            option => Assert.Contains($"[{option.GetDefaultValue()}]", explained[option.Name]));
        Assert.All(NetworkZoo.Names.Append(Settings.PretrainedResNet18), name => Assert.Contains(name, string.Join('\n', lines)));
    }

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("50%", 0.5)]
    [InlineData("1", 1)]
    [InlineData("12.5%", 0.125)]
    public void The_budget_is_a_share_or_a_percentage(string text, double share) => Assert.Equal(share, Parse("--flops", text)!.FlopsShare);

    [Theory]
    [InlineData("50")]
    [InlineData("0")]
    [InlineData("150%")]
    [InlineData("half")]
    public void A_budget_that_is_no_share_is_refused_with_an_example(string text)
    {
        var errors = new DemoOptions().Command((_, _) => 0).Parse(["--flops", text]).Errors;
        var error = Assert.Single(errors).Message;
        Assert.Contains($"'{text}'", error);
        Assert.Contains("0.5 or 50%", error);
    }

    [Theory]
    [InlineData(0.9, 2400, 0.8874, 0.9114)]
    [InlineData(1.0, 50, 0.9287, 1)]
    [InlineData(0.0, 50, 0, 0.0713)]
    public void The_interval_of_an_accuracy_is_Wilsons(double share, int count, double low, double high)
    {
        var interval = Interval.Wilson(share, count);
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Images_that_are_left_out_are_counted_and_a_small_class_gives_a_fifth_of_its_images_to_the_measurement()
    {
        DrawnShapes.WriteFolder(_folder, 10, seed: 1);
        var (all, capped) = (new StringWriter(), new StringWriter());
        Assert.Equal(12 * 8, DemoImages.Find(Parse("--data", _folder)!, all).Training.Count);
        Assert.DoesNotContain("left out", all.ToString());
        var split = DemoImages.Find(Parse("--data", _folder, "--per-class", "5")!, capped);
        Assert.Equal((12 * 5, 12 * 2), (split.Training.Count, split.HeldOut.Count));
        Assert.Contains("36 of 120 images are left out", capped.ToString());
        Assert.Contains("--per-class", capped.ToString());
    }

    [Theory]
    [InlineData("1", "90.0 %", "88.7 to 91.1 %")]
    [InlineData("3", "90.0 ± 2.0 %", "88.0 90.0 92.0")]
    public void An_accuracy_is_shown_with_its_interval_or_with_the_spread_over_seeds(string seeds, string accuracy, string spread)
    {
        var file = Path.Combine(_folder, "model.zip");
        File.WriteAllBytes(file, new byte[12_345_678]);
        var config = UniformScaling.Find(NetworkZoo.Find("cifar-resnet20").Describe(3, 32, 32, 10), Budget.FlopsRatio(0.5));
        var accuracies = new Sample(seeds == "1" ? [0.9] : [0.88, 0.9, 0.92]);
        var writer = new StringWriter();
        var report = new Report(SampleConsole.Plain(writer), Parse("--seeds", seeds, "--flops", "50%")!);
        report.Budget(config);
        report.Comparison([new ComparedNetwork("pruned", config, file, accuracies)], [new PredictionSpeed(2.345, 0.567)], 2400);
        var text = writer.ToString();
        Assert.Contains("budget met: ", text);
        string[] cells = [accuracy, spread, "12,346", "2.35", "0.57", $"{config.Parameters:N0}"];
        Assert.All(cells, cell => Assert.Contains($" {cell} ", text));
    }

    [Fact]
    public void Checkpoints_of_an_interrupted_run_are_found_again_and_only_a_fresh_start_or_the_end_discards_them()
    {
        var first = new CheckpointFolder(_folder, fresh: false);
        Assert.False(first.WasInterrupted);
        File.WriteAllText(first.FileOf("search"), "state");

        var second = new CheckpointFolder(_folder, fresh: false);
        Assert.True(second.WasInterrupted);
        Assert.Equal("state", File.ReadAllText(second.FileOf("search")));
        second.Delete();
        Assert.False(new CheckpointFolder(_folder, fresh: false).WasInterrupted);

        File.WriteAllText(first.FileOf("search"), "state");
        Assert.False(new CheckpointFolder(_folder, fresh: true).WasInterrupted);
        Assert.False(File.Exists(first.FileOf("search")));
    }

    [Fact]
    public void Options_that_do_not_fit_an_interrupted_run_are_answered_with_what_to_do()
    {
        File.WriteAllText(new CheckpointFolder(_folder, fresh: false).FileOf("search"), "state");
        var checkpoints = new CheckpointFolder(_folder, fresh: false);
        var refusal = new InvalidOperationException($"Checkpoint '{checkpoints.FileOf("search")}' is of another run: the budget.");
        var error = Assert.Throws<InvalidOperationException>(() => checkpoints.Use<int>(() => throw refusal));
        Assert.Contains("the budget", error.Message);
        Assert.Contains("--fresh", error.Message);
        Assert.Contains("--output", error.Message);

        var diverged = new InvalidOperationException("diverged");
        Assert.Same(diverged, Assert.Throws<InvalidOperationException>(() => checkpoints.Use<int>(() => throw diverged)));
    }

    [Fact]
    public void The_time_of_a_prediction_is_measured_for_every_network_at_the_size_of_its_images()
    {
        DrawnShapes.WriteFolder(_folder, 2, seed: 1);
        var ml = new MLContext(1);
        var files = ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var images = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadImages("Features", null, nameof(ImageFile.ImagePath)))
            .Append(ml.Transforms.ResizeImages("Features", 24, 24));
        var config = UniformScaling.Find(NetworkZoo.Find("cifar-resnet20@0.25").Describe(3, 24, 24, 12), Budget.FlopsRatio(1));
        var options = new PrunedRetrainOptions { ChannelConfig = config, NumberOfEpochs = 1, BatchSize = 8 };
        using var network = images.Append(ml.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(files).LastTransformer;
        var read = InMemoryImage.Read(ml, images.Fit(files).Transform(files), 24);
        Assert.Equal(24, read.Count);
        Assert.All(read, image => Assert.Equal((24, 24), (image.Features.Width, image.Features.Height)));

        var speeds = PredictionSpeed.Measure(ml, [network, network], read, 24, CancellationToken.None, rounds: 1);
        Assert.Equal(2, speeds.Count);
        Assert.All(speeds, s => Assert.True(s.Single > 0 && s.Batched > 0));
    }

    [Fact]
    public void Progress_in_a_file_is_a_plain_line_an_epoch()
    {
        var writer = new StringWriter();
        var result = RunProgress.During(SampleConsole.Plain(writer), progress => Report(progress.Show("search")));
        Assert.Equal("done", result);
        var lines = writer.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("search", line));
        Assert.DoesNotContain('\u001b', writer.ToString());
    }

    [Fact]
    public void Progress_on_a_terminal_is_a_bar_that_ends_full_with_the_last_accuracy()
    {
        var writer = new StringWriter();
        var terminal = Spectre.Console.AnsiConsole.Create(new Spectre.Console.AnsiConsoleSettings
        {
            Ansi = Spectre.Console.AnsiSupport.Yes,
            Interactive = Spectre.Console.InteractionSupport.Yes,
            Out = new Spectre.Console.AnsiConsoleOutput(writer),
        });
        terminal.Profile.Width = 120;
        RunProgress.During(terminal, progress => Report(progress.Show("search [1]")));
        Assert.Contains("search [1]: epoch 2/2, accuracy 75.0 %", writer.ToString());
        Assert.Contains("100%", writer.ToString());
    }

    private static string Report(Action<TrainingProgress> show)
    {
        foreach (var (epoch, batch) in new[] { (1, 1), (1, 2), (2, 1), (2, 2) })
            show(new TrainingProgress
            {
                Phase = TrainingPhase.Search,
                Epoch = epoch,
                Epochs = 2,
                Batch = batch,
                Batches = 2,
                Loss = 1,
                Accuracy = epoch * 0.375,
                LearningRate = 0.1,
                ImagesPerSecond = 100,
                TimeLeft = TimeSpan.FromSeconds(1),
            });
        return "done";
    }

    private static Settings? Parse(params string[] arguments)
    {
        Settings? settings = null;
        Assert.Equal(0, new DemoOptions().Command((s, _) =>
        {
            settings = s;
            return 0;
        }).Parse(arguments).Invoke());
        return settings;
    }

    [GeneratedRegex(@"^#   (--[a-z-]+)(?: [A-Z]+)?  .*$")]
    private static partial Regex OptionLine();
}
