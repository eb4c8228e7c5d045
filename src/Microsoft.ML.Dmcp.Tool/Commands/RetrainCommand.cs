using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Pruning;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp retrain</c>: trains the widths of a channel config.</summary>
internal sealed class RetrainCommand : ToolCommand
{
    private readonly Option<string> _config = new("--chcfg")
    {
        Description = "Channel config to train: a .json of this tool, or what 'dmcp convert' made of another tool's.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly TrainingOptionSet _training = new();
    private readonly StartOptions _start = new();
    private readonly Option<string> _output = OutputOption.Folder("retrained");

    public RetrainCommand() : base(
        "retrain", "Trains the network of a channel config on your images: writes model.zip, model.onnx, config.json and report.html.")
    {
        Add(_config);
        _training.AddTo(this);
        _start.AddTo(this);
        Add(_output);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp retrain --chcfg pruned/config.json --data photos --epochs 40", "what a search found, trained for longer"),
        new("dmcp retrain --chcfg resnet18.json --data photos --weights resnet18.pth --network resnet18", "from PyTorch's weights"),
    ];

    public override bool Trains => true;

    public override IReadOnlyDictionary<string, string> OptionNames => TrainingOptionSet.Names;

    public override void Run(CommandRun run)
    {
        var config = ChannelConfig.Load(run.PathOf(run.Required(_config)));
        var images = ReleaseImages.List(_training.Data(run), run.Console);
        var start = _start.Read(run, config.Network);
        var (hasWeights, size) = (start.SaveWeights is not null, config.ImageWidth);
        if (_start.GivenSize(run) is { } given && given != size)
            throw new ToolException($"--size is {given}; the channel config is for images of {size}: leave it out, or search again.");
        if (config.Classes != images.Classes.Count)
            throw new ToolException(
                $"The channel config is for {config.Classes} classes; the images have {images.Classes.Count}: search again with these.");
        var network = start.Describe(size, images.Classes.Count);
        var widths = config.WidthsFor(network);
        var files = PrunedFiles.In(run.PathOf(run.Required(_output)));
        var training = new PruneRun(run, start, images, _training.Read(run, size, hasWeights), files);
        if (_training.IsDryRun(run))
        {
            var (seconds, text) = training.Estimate(search: null, range: null, widths);
            run.Console.Answer(
                new { network = network.Name, trainingImages = images.Training.Count, seconds = Math.Round(seconds) }, $"{config}\n{text}");
            return;
        }
        if (training.Retrain(config, files) is { } result)
            run.Console.Answer(result, result.ToString());
    }
}
