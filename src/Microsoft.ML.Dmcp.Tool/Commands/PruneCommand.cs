using System.CommandLine;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Options;
using Microsoft.ML.Dmcp.Tool.Pruning;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp prune</c>: from images and a budget to a trained, pruned network.</summary>
internal sealed class PruneCommand : ToolCommand
{
    private readonly TrainingOptionSet _training = new();
    private readonly StartOptions _start = new();
    private readonly BudgetOptions _budget = new();
    private readonly SearchOptionSet _search = new();
    private readonly Option<string> _output = OutputOption.Folder("pruned");

    public PruneCommand() : base(
        "prune", "Prunes a network to a budget on your images: writes model.zip, model.onnx, config.json and report.html.")
    {
        _training.AddTo(this);
        _budget.AddTo(this);
        _start.AddTo(this);
        _search.AddTo(this);
        Add(_output);
    }

    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp prune --data photos --flops 0.25", "a quarter of the multiply-adds of a pre-trained ResNet-18; photos/cat/1.jpg ..."),
        new("dmcp prune --data photos --flops 0.25 --dry-run", "can it be done, and how long does it take?"),
        new("dmcp prune --data shapes --network cifar-resnet20 --flops 20M --params 50% --search-epochs 40 --epochs 40",
            "from random weights, for small images"),
        new("dmcp prune --data photos --latency 2.5 --width-multiple 16 --output fast", "2.5 ms an image in ONNX Runtime on this machine"),
    ];

    public override bool Trains => true;

    public override string BudgetRemedy(BudgetOutOfReachException budget) => BudgetOptions.Remedy(budget);

    public override IReadOnlyDictionary<string, string> OptionNames => TrainingOptionSet.Names;

    public override void Run(CommandRun run)
    {
        var images = ReleaseImages.List(_training.Data(run), run.Console);
        var start = _start.Read(run);
        var (hasWeights, size) = (start.SaveWeights is not null, _start.Size(run, start));
        var network = start.Describe(size, images.Classes.Count);
        var files = PrunedFiles.In(run.PathOf(run.Required(_output)));
        var budget = _budget.Read(run, network, files.Latencies);
        var search = _search.Read(run, hasWeights);
        var widths = SearchChoice.WidthsOf(search.Method, budget, network, hasWeights);
        budget.RequireWithinReach(network, widths, search.WidthMultiple);
        var pruning = new PruneRun(run, start, images, _training.Read(run, size, hasWeights), files);
        if (_training.IsDryRun(run))
        {
            var uniform = UniformScaling.Find(network, budget, search.WidthMultiple);
            var (seconds, text) = pruning.Estimate(search, widths, uniform.WidthsFor(network));
            run.Console.Answer(
                new
                {
                    network = network.Name, budget = budget.ToString(), trainingImages = images.Training.Count,
                    heldOutImages = images.Validation.Count, classes = images.Classes.Count, seconds = Math.Round(seconds),
                },
                $"{budget.Describe(network, widths, search.WidthMultiple)}\n{text}");
            return;
        }
        if (pruning.Prune(search, budget, files) is { } result)
            run.Console.Answer(result, result.ToString());
    }
}
