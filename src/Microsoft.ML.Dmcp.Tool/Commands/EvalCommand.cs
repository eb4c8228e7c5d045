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
        new("dmcp eval --config config/res18/retrain.yaml --data imagenet --chcfg res18_1.04g --checkpoint res18_1.04g.pth",
            "weights and structure of the release"),
    ];

    public override void Run(CommandRun run)
    {
        var config = Read(run);
        var isSearch = config.Search is not null;
        var weights = StateDict(run, config);
        var widths = weights is null || isSearch ? null : WidthsOf(run, config);
        var folder = weights is null ? RequireEarlier(run, config, f => isSearch ? f.SearchCheckpoint : f.Model) : null;
        var images = Images(run, config);
        var pipeline = new ReleasePipeline(run.Context(config.Seed), config, images);
        IReadOnlyList<MeasuredAccuracy> accuracies = (folder, isSearch) switch
        {
            ({ } made, true) => new SearchRun(run, config, pipeline, made).Evaluate(),
            ({ } made, false) => [new RetrainRun(run, config, pipeline, made).Evaluate()],
            (null, true) => new ReleaseStateDict(config, pipeline, weights!).EvaluateSearch(run.Cancellation),
            (null, false) => [new ReleaseStateDict(config, pipeline, weights!).Evaluate(widths!, images.Classes)],
        };
        run.Console.Answer(
            new { network = config.Network.Type, folder = Path.GetFullPath(folder?.Root ?? weights!), evaluations = accuracies },
            string.Join('\n', accuracies));
    }
}
