using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Commands;

/// <summary><c>dmcp eval</c>: mode eval of the release.</summary>
internal sealed class EvalCommand() : ReleaseCommand(
    "eval", "Measures what 'dmcp train' made: the shared weights of a search at evaluation.width, or the trained network.",
    needsData: true, needsFlops: false)
{
    public override IReadOnlyList<Example> Examples { get; } =
    [
        new("dmcp eval --config config/res18/retrain.yaml --data imagenet --checkpoint results/AdaptiveResNet18_900_112815",
            "top 1 and top 5 of the trained network"),
    ];

    public override void Run(CommandRun run)
    {
        var config = Read(run);
        var isSearch = config.Search is not null;
        var folder = RequireEarlier(run, config, f => isSearch ? f.SearchCheckpoint : f.Model);
        var pipeline = new ReleasePipeline(run.Context(config.Seed), config, Images(run, config));
        IReadOnlyList<MeasuredAccuracy> accuracies = isSearch
            ? new SearchRun(run, config, pipeline, folder).Evaluate()
            : [new RetrainRun(run, config, pipeline, folder).Evaluate()];
        run.Console.Answer(new { network = config.Network.Type, folder = Path.GetFullPath(folder.Root), evaluations = accuracies },
            string.Join('\n', accuracies));
    }
}
