using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>The options of the demo; the head of eng/demo.sh, which is its help, names them all.</summary>
internal sealed class DemoOptions
{
    private readonly Option<DirectoryInfo?> _data = new("--data")
    {
        Description = "Folder of images, one folder a class: DIR/class/*.jpg|png. Without it, drawn shapes.",
        HelpName = "DIR",
    };

    private readonly Option<DirectoryInfo> _output = new("--output")
    {
        Description = "Where models, the channel config, the plot and the checkpoints go.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "demo")),
    };

    private readonly Option<DirectoryInfo?> _tensorBoard = new("--tensorboard")
    {
        Description = "Folder of curves for TensorBoard (tensorboard --logdir DIR); none without it.",
        HelpName = "DIR",
    };

    private readonly Option<string> _network = new("--network")
    {
        Description = $"Network to prune: {Settings.PretrainedResNet18}, trained on ImageNet; or, from fresh weights, "
            + $"{string.Join(", ", NetworkZoo.Names)}; '@0.5' behind a name scales its widths.",
        HelpName = "NAME",
        DefaultValueFactory = _ => Settings.PretrainedResNet18,
    };

    private readonly Option<double> _flops = new("--flops")
    {
        Description = "Share of the network's FLOPs that the pruned one may use: 0.5 or 50%.",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.1,
        CustomParser = ShareOf,
    };

    private readonly Option<int?> _heldOut = new("--held-out")
    {
        Description = "Images of a class held out to measure accuracy; "
            + "without it 100 of drawn shapes, and a fifth of your smallest class, 200 at most.",
        HelpName = "N",
    };

    private readonly Option<TrainingPrecision> _precision = new("--precision")
    {
        Description = "Numbers that training computes with; 16 bits are faster where the processor has them.",
        DefaultValueFactory = _ => TrainingPrecision.Single,
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "Seed of everything random.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "Discards what an interrupted run left in --output." };
    private readonly Option<int> _size = LaboratoryOptions.Least("--image-size", "Side in pixels to which images are resized.", 64, 8);
    private readonly Option<int> _perClass =
        LaboratoryOptions.Least("--per-class", "Training images of a class at most; others are left out.", 1000, 2);

    private readonly Option<int> _searchEpochs = LaboratoryOptions.Least("--search-epochs", "Epochs of the search.", 3, 1);
    private readonly Option<int> _trainEpochs = LaboratoryOptions.Least("--train-epochs", "Epochs of each training.", 5, 1);
    private readonly Option<int> _batchSize = LaboratoryOptions.Least("--batch-size", "Images of a step.", 32, 2);
    private readonly Option<int> _seeds = LaboratoryOptions.Least("--seeds", "How often everything is done, with other seeds.", 3, 1);

    /// <summary>The command with its options.</summary>
    /// <param name="run">What it does.</param>
    public RootCommand Command(Func<Settings, CancellationToken, int> run)
    {
        var command = new RootCommand(
            "Prunes an image classifier to a budget with DMCP inside an ML.NET pipeline, "
                + "and compares it with the unpruned and the uniformly narrowed network.")
        {
            _data, _output, _network, _flops, _size, _perClass, _heldOut, _searchEpochs, _trainEpochs, _batchSize, _precision,
            _seed, _seeds, _tensorBoard, _fresh,
        };
        // On a thread of its own: only then does Ctrl-C reach the cancellation token while the work runs.
        command.SetAction((parsed, cancellation) => Task.Run(() => run(SettingsOf(parsed), cancellation), CancellationToken.None));
        return command;
    }

    private Settings SettingsOf(ParseResult parsed) => new()
    {
        Data = parsed.GetValue(_data)?.FullName,
        Output = parsed.GetValue(_output)!.FullName,
        TensorBoard = parsed.GetValue(_tensorBoard)?.FullName,
        Network = parsed.GetValue(_network)!,
        FlopsShare = parsed.GetValue(_flops),
        ImageSize = parsed.GetValue(_size),
        PerClass = parsed.GetValue(_perClass),
        HeldOut = parsed.GetValue(_heldOut),
        SearchEpochs = parsed.GetValue(_searchEpochs),
        TrainEpochs = parsed.GetValue(_trainEpochs),
        BatchSize = parsed.GetValue(_batchSize),
        Precision = parsed.GetValue(_precision),
        Seed = parsed.GetValue(_seed),
        Seeds = parsed.GetValue(_seeds),
        Fresh = parsed.GetValue(_fresh),
    };

    private static double ShareOf(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        var isPercent = text.EndsWith('%');
        if (double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && (isPercent ? number / 100 : number) is > 0 and <= 1 and var share)
            return share;
        argument.AddError($"--flops is '{text}'; needed is a share such as 0.5 or 50%: more than 0 and at most 1 or 100%.");
        return double.NaN;
    }
}
