using System.Globalization;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tests.Tool;

/// <summary>A folder in which lines of the tool run, in this process. Its name has spaces and letters of several languages.</summary>
internal sealed class ToolFolder : IDisposable
{
    /// <summary>What makes a config of the release small: four classes of 12 pixels, two epochs of two batches.</summary>
    public static readonly string[] Small =
    [
        "--set", "model.kwargs.num_classes=4", "--set", "model.kwargs.input_size=12", "--set", "dataset.batch_size=8",
        "--set", "training.epoch=2", "--set", "lr_scheduler.warmup_steps=1", "--set", "lr_scheduler.base_lr=0.01",
        "--set", "lr_scheduler.warmup_lr=0.02", "--set", "lr_scheduler.min_lr=0",
    ];

    /// <summary>What makes the config of a search small: widths from 0.1 to 0.2, since other keys refer to this one.</summary>
    public static readonly string[] SmallSearch =
    [
        .. Small, "--set", "training.sandwich.max_width=0.2", "--set", "arch.num_flops_stats_sample=50", "--set", "arch.num_model_sample=0",
    ];

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("dmcp-tool");

    public ToolFolder() => Directory.CreateDirectory(Root);

    public string Root => Path.Combine(_parent.FullName, "zwei Wörter 通道");

    public void Dispose() => _parent.Delete(recursive: true);

    /// <summary>A config of the release, as these tests have it.</summary>
    /// <param name="network">mbv2, res18 or res50.</param>
    /// <param name="step">dmcp or retrain.</param>
    public static string Config(string network, string step) =>
        Path.Combine(AppContext.BaseDirectory, "Tool", "Configs", network, step + ".yaml");

    /// <summary>Runs a line.</summary>
    public ToolResult Run(params string[] line) => Run(new StringWriter(), CancellationToken.None, line);

    /// <summary>Runs a line that can be stopped.</summary>
    /// <param name="error">Standard error.</param>
    /// <param name="cancellation">What Ctrl-C does.</param>
    /// <param name="line">The words behind <c>dmcp</c>.</param>
    public ToolResult Run(StringWriter error, CancellationToken cancellation, params string[] line)
    {
        var output = new StringWriter();
        var environment = new ToolEnvironment(output, error) { Folder = Root, Cancellation = cancellation };
        var code = Microsoft.ML.Dmcp.Tool.Program.Run(line, environment);
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a line that must be refused in one line.</summary>
    /// <param name="option">What is wrong in it.</param>
    /// <param name="line">The words behind <c>dmcp</c>.</param>
    /// <param name="code">The exit code.</param>
    /// <param name="error">What the line of the error holds.</param>
    public void RequireRefusal(string option, string[] line, int code, string error)
    {
        var result = Run(line);
        Assert.True(result.ExitCode == code, $"{option}: {result.ExitCode}, {result.Error}");
        Assert.Contains(error, result.Failure);
        Assert.Equal("", result.Output);
        if (option != "--verbose")
            Assert.DoesNotContain("   at ", result.Error);
    }

    /// <summary>A share of what the unpruned network of a small search costs, as <c>--flops</c> takes it.</summary>
    public string Target(string network, double share)
    {
        var full = Run(["calc-flops", "--config", Config(network, "dmcp"), .. SmallSearch, "--json"]).Succeeded().Json;
        return Math.Round(share * full.GetProperty("mFlops").GetDouble(), 4).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Writes a file of the folder.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Root, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Draws images of four classes as one folder a class.</summary>
    /// <param name="name">Name of the folder.</param>
    /// <param name="perClass">Images of each.</param>
    public string Draw(string name, int perClass)
    {
        var random = new RandomSource(1);
        for (var i = 0; i < perClass * TestImages.Classes; i++)
        {
            var label = i % TestImages.Classes;
            var folder = Directory.CreateDirectory(Path.Combine(Root, name, $"Klasse {label} 类"));
            using var image = TestImages.ToImage(TestImages.Pixels(label, random), TestImages.Size, TestImages.Size);
            image.Save(Path.Combine(folder.FullName, $"{i:000}.png"));
        }
        return Path.Combine(Root, name);
    }
}
