using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary>A mode of the authors' release, with the release's options.</summary>
internal abstract class ReleaseCommand : ToolCommand
{
    /// <param name="name">The mode.</param>
    /// <param name="description">What it does.</param>
    /// <param name="needsData">Whether it needs images.</param>
    /// <param name="needsFlops">Whether it needs a target.</param>
    protected ReleaseCommand(string name, string description, bool needsData, bool needsFlops) : base(name, description)
    {
        Config = new("--config", "-C")
        {
            Description = "Config file of the release, such as config/res18/dmcp.yaml.",
            HelpName = "FILE",
            Required = true,
        };
        Data = new("--data", "-D")
        {
            Description = "Images: a folder with train/class/*.jpg and val/class/*.jpg, or with class/*.jpg, "
                + "of which a fifth is measured on." + (needsData ? "" : " Not needed here."),
            HelpName = "DIR",
            Required = needsData,
        };
        Flops = new("--flops", "-F")
        {
            Description = "Target in millions of multiply-adds." + (needsFlops ? "" : " Not needed here."),
            HelpName = "MFLOPS",
            Required = needsFlops,
        };
        Flops.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !IsTarget(text, out _))
                result.AddError($"--flops is '{text}'; needed is a number of MFLOPs above 0, such as 43.");
        });
        foreach (var option in (Option[])[Config, Data, Flops, Widths, Checkpoint, Changes])
            Add(option);
    }

    protected Option<string> Config { get; }

    protected Option<string?> Data { get; }

    /// <summary>The target as it is typed, since the release names folders so.</summary>
    protected Option<string?> Flops { get; }

    protected Option<string?> Widths { get; } = ChannelConfigOption.Create();

    protected Option<string?> Checkpoint { get; } = new("--checkpoint")
    {
        Description = "Results folder of an earlier 'dmcp train', for eval also a .pth file of the release; "
            + "as recover.checkpoint of the config file.",
        HelpName = "PATH",
    };

    protected Option<string[]> Changes { get; } = new("--set")
    {
        Description = "Changes a key of the config file: --set training.epoch=2. Several times for several keys.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public override IReadOnlyDictionary<string, string> OptionNames { get; } = new Dictionary<string, string>
    {
        ["CheckpointPath"] = "--checkpoint",
        ["ArchitectureLearningRate"] = "arch_lr_scheduler.warmup_lr",
        ["BudgetLossWeight"] = "arch.flop_loss_weight",
        ["LearningRate"] = "lr_scheduler.warmup_lr",
        ["BatchSize"] = "dataset.batch_size",
        ["NumberOfEpochs"] = "training.epoch",
        ["WarmUpShare"] = "",
    };

    public override string BudgetRemedy(BudgetOutOfReachException budget) => FormattableString.Invariant(
        $"give --flops from {budget.Least} to {budget.Largest}, or {(budget.IsTooSmall ? "smaller" : "larger")} images by ")
        + "--set model.kwargs.input_size";

    /// <summary>Reads the config file.</summary>
    /// <param name="run">The command.</param>
    /// <param name="countsOnly">Whether nothing is computed of which the user has to know what is not as in the release.</param>
    protected ReleaseConfig Read(CommandRun run, bool countsOnly = false)
    {
        var config = ReleaseConfig.Read(run.PathOf(run.Required(Config)), run.Required(Changes), run.Ranks?.Size ?? 1);
        if (!countsOnly && config.Remarks is { } remarks)
            run.Console.Warn(remarks);
        if (config.Search is not null && run.IsGiven(Widths))
            run.Console.Warn($"--chcfg has no effect on {config.Network.Type}, whose widths are searched.");
        return config;
    }

    /// <summary>The images, which fit the config.</summary>
    protected ReleaseImages Images(CommandRun run, ReleaseConfig config)
    {
        var images = ReleaseImages.List(run.PathOf(run.Value(Data)!), run.Console);
        images.Check(config);
        return images;
    }

    /// <summary>The target; null where none is given.</summary>
    protected Budget? BudgetOf(CommandRun run) =>
        run.Value(Flops) is { } text && IsTarget(text, out var mflops) ? Budget.MFlops(mflops) : null;

    /// <summary>The widths that an Adaptive network is trained at.</summary>
    /// <exception cref="ToolException">None are given.</exception>
    protected ChannelConfig WidthsOf(CommandRun run, ReleaseConfig config) => run.Value(Widths) is { } path
        ? ChannelConfigOption.Load(run.PathOf(path), config.Describe())
        : throw new ToolException($"{config.Network.Type} is trained at given widths: name them with --chcfg, "
            + "such as the folder expected_ch of a search.");

    /// <summary>The results folder that the line or the config file names; null for none.</summary>
    /// <exception cref="ToolException">A state dict is named, which only an evaluation reads.</exception>
    protected ResultFolder? Earlier(CommandRun run, ReleaseConfig config)
    {
        if (StateDict(run, config) is not null)
        {
            const string reason = "a state dict of PyTorch, of which weights are read and only by 'dmcp eval': "
                + "not α, the optimizer or the epoch. Name a results folder that 'dmcp train' made, or none";
            throw run.Value(Checkpoint) is { } named ? new ToolException($"--checkpoint is '{named}', {reason}.")
                : config.Checkpoint!.Problem($"is '{config.Checkpoint.Text()}', {reason} (recover.enable: False).");
        }
        return CheckpointOf(run, config) is { } path ? ResultFolder.At(run.PathOf(path)) : null;
    }

    /// <summary>The state dict of PyTorch that the line or the config file names; null for none.</summary>
    protected string? StateDict(CommandRun run, ReleaseConfig config) =>
        CheckpointOf(run, config) is { } path && Path.GetExtension(path).ToUpperInvariant() is ".PTH" or ".PT" ? run.PathOf(path) : null;

    /// <summary>The results folder that must be named.</summary>
    /// <param name="run">The command.</param>
    /// <param name="config">The config file.</param>
    /// <param name="needed">The file that it must have.</param>
    protected ResultFolder RequireEarlier(CommandRun run, ReleaseConfig config, Func<ResultFolder, string> needed)
    {
        var folder = Earlier(run, config);
        if (folder is null)
        {
            var newest = ResultFolder.Newest(run.PathOf(config.SavePath), config.Network.Type, needed);
            throw new ToolException("No trained network is named: give --checkpoint with a results folder of 'dmcp train'"
                + (newest is null ? "." : $"; the newest is {newest.Root}."));
        }
        return File.Exists(needed(folder)) ? folder
            : throw new FileNotFoundException($"'{folder.Root}' has no '{Path.GetFileName(needed(folder))}': "
                + $"the training of {config.Network.Type} there has not ended, or it was of another network.", needed(folder));
    }

    /// <summary>A new results folder.</summary>
    protected ResultFolder NewFolder(CommandRun run, ReleaseConfig config) =>
        ResultFolder.New(run.PathOf(config.SavePath), config.Network.Type, run.Value(Flops)!, run.Now());

    private string? CheckpointOf(CommandRun run, ReleaseConfig config) => run.Value(Checkpoint) ?? config.Checkpoint?.Text();

    private static bool IsTarget(string text, out double mflops) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out mflops) && mflops > 0;
}
