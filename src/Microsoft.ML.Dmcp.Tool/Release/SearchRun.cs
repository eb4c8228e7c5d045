using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>
/// Trains a DMCP network of the release: searches widths, writes structures as the release does, and measures the shared weights.
/// </summary>
/// <param name="run">The command.</param>
/// <param name="config">The config file.</param>
/// <param name="pipeline">The images.</param>
/// <param name="folder">The results.</param>
internal sealed class SearchRun(CommandRun run, ReleaseConfig config, ReleasePipeline pipeline, ResultFolder folder)
{
    private const double Million = 1e6;

    private readonly ReleaseSearch _search = config.Search!;

    /// <summary>Searches.</summary>
    /// <param name="budget">What the pruned network may cost.</param>
    public void Train(Budget budget)
    {
        using var log = RunLog.Of(run, folder);
        var options = pipeline.WithTraining(_search.Options(budget));
        options.Network = config.Architecture;
        options.CheckpointPath = folder.SearchCheckpoint;
        options.CancellationToken = run.Cancellation;
        options.Communicator = run.Ranks;
        var searched = run.Console.During(show =>
        {
            options.MetricsCallback = show("search") + log?.Callback("search");
            return pipeline.Fit(pipeline.Context.Transforms.DmcpSearch(options));
        });
        if (log is null)
            return;
        WholeFile.Write(folder.SearchModel, path => pipeline.Context.Model.Save(searched, pipeline.InputSchema, path));
        var expected = new SearchedStructures(run, config, folder).Write(searched.LastTransformer, budget: null);
        var accuracies = Evaluate();
        foreach (var line in accuracies)
            log.Write(line.ToString());
        var found = searched.LastTransformer.ChannelConfig;
        run.Console.Answer(
            new
            {
                folder = Path.GetFullPath(folder.Root), network = config.Network.Type, mFlops = found.Flops / Million,
                mParameters = found.Parameters / Million, expectedMFlops = expected, channelConfig = Path.GetFullPath(folder.Expected),
                evaluations = accuracies,
            },
            string.Join('\n', (string[])
            [
                found.ToString(),
                FormattableString.Invariant($"expected flops: {expected:0.00}"),
                .. accuracies.Select(a => a.ToString()),
                $"Results in {folder.Root}. Train what was found with --chcfg {folder.Expected}",
            ]));
    }

    /// <summary>Measures the shared weights of a search at the widths that the config names.</summary>
    public IReadOnlyList<MeasuredAccuracy> Evaluate() => pipeline.MeasureShared(folder.SearchCheckpoint, run.Cancellation);
}
