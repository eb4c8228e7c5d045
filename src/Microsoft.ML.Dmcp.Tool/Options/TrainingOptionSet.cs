using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Pruning;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The options of every command that trains on a folder of images.</summary>
internal sealed class TrainingOptionSet
{
    private readonly Option<string> _data = new("--data", "-D")
    {
        Description = "Images: a folder with class/*.jpg, of which a fifth is held out, or with train/class/*.jpg and val/class/*.jpg.",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<int?> _epochs = NumberOption.WholeOrNone(
        "--epochs", "Epochs of training. Default 6 with given weights, 30 with random ones.", least: 1);
    private readonly Option<int?> _wholeEpochs = NumberOption.WholeOrNone(
        "--whole-epochs", "Epochs in which a given network is trained on the images before it is pruned. Default 5.", least: 1);
    private readonly Option<int> _batch = NumberOption.Whole("--batch", "Images of a batch.", 32, least: 1, most: 4096);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "Seed of everything random.", 1, least: 0);
    private readonly Option<int?> _threads = NumberOption.WholeOrNone(
        "--threads", "Threads that compute. 1 is the fastest on a busy machine. Default: what libtorch takes.", least: 1, most: 1024);
    private readonly Option<bool> _noFlip = new("--no-flip")
    {
        Description = "Mirrors no training image: for digits, letters and the like.",
    };
    private readonly Option<bool> _dryRun = DryRunOption.Create();

    /// <summary>What messages of the library call these options, and those beside them.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>
    {
        ["CheckpointPath"] = "--output",
        ["NumberOfEpochs"] = "--epochs",
        ["BatchSize"] = "--batch",
        ["WidthMultiple"] = "--width-multiple",
        ["NumberOfThreads"] = "--threads",
        ["WarmUpShare"] = "",
    };

    public void AddTo(ToolCommand command)
    {
        foreach (var option in (Option[])[_data, _epochs, _wholeEpochs, _batch, _seed, _threads, _noFlip, _dryRun])
            command.Add(option);
    }

    /// <summary>Whether nothing is to be trained.</summary>
    public bool IsDryRun(CommandRun run) => run.Value(_dryRun);

    /// <summary>Where the images are.</summary>
    public string Data(CommandRun run) => run.PathOf(run.Required(_data));

    /// <summary>What a line says of the training.</summary>
    /// <param name="run">The command.</param>
    /// <param name="size">Side of the images.</param>
    /// <param name="hasWeights">Whether it begins with given weights.</param>
    public TrainingSettings Read(CommandRun run, int size, bool hasWeights) => new(
        size, run.Value(_epochs) ?? (hasWeights ? 6 : 30), run.Value(_wholeEpochs) ?? 5,
        run.Required(_batch), run.Required(_seed), run.Value(_threads), !run.Value(_noFlip));
}
