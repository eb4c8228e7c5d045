using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>The search methods by the names that configs give them.</summary>
internal static class TestSearches
{
    private static readonly Dictionary<string, Func<ChannelSearchOptions>> All = new()
    {
        ["dmcp"] = () => new DmcpSearchOptions(),
        ["dais"] = () => new DaisSearchOptions(),
        ["autoslim"] = () => new AutoSlimOptions { EvaluationShare = 0.25 },
        ["random"] = () => new RandomStructuresOptions { NumberOfStructures = 5, EvaluationShare = 0.25 },
        ["evolutionary"] = () => new EvolutionarySearchOptions { Population = 4, Generations = 3, EvaluationShare = 0.25 },
        ["magnitude"] = () => new FilterPruningOptions(),
        ["fpgm"] = () => new FilterPruningOptions { Criterion = FilterCriterion.GeometricMedian },
        ["global-magnitude"] = () => new FilterPruningOptions { Scope = PruningScope.Global, PerCost = true },
        ["global-taylor"] = () => new FilterPruningOptions
        {
            Criterion = FilterCriterion.Taylor,
            Scope = PruningScope.Global,
            PruningSteps = 3,
        },
        ["sfp"] = () => new SoftFilterPruningOptions(),
    };

    /// <summary>Uniform scaling, which trains nothing.</summary>
    public static UniformScalingOptions Uniform(string? weights = null) => new()
    {
        Network = TestImages.Network,
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        WeightsPath = weights,
    };

    /// <summary>Names of those that train.</summary>
    public static IReadOnlyCollection<string> Names => All.Keys;

    /// <summary>A method on the tiny images.</summary>
    public static ChannelSearchOptions Options(string name)
    {
        var options = All[name]();
        options.Network = TestImages.Network;
        options.NumberOfEpochs = 6;
        options.BatchSize = 16;
        options.RandomHorizontalFlip = true;
        options.FeatureColumnName = nameof(VectorRow.Pixels);
        options.VectorLayout = PixelLayout.Interleaved;
        return options;
    }

    /// <summary>The config that a search finds, as JSON.</summary>
    public static string Find(string name, Action<ChannelSearchOptions> change, RunLog? log = null)
    {
        var options = Options(name);
        change(options);
        using var batches = Start(options, out var search, log);
        using var searching = search;
        return search.Run().Config.ToJson();
    }

    /// <summary>A search on the tiny images, and the batches that it reads.</summary>
    public static BatchSource Start(ChannelSearchOptions options, out ChannelSearch search, RunLog? log = null)
    {
        options.Check();
        var set = TestImages.Set(128, seed: 1);
        var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var network = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var images = new ImageBatches(set, batches, options.BatchSize);
        var runLog = (log ?? RunLog.None) with { Token = options.CancellationToken };
        search = SearchMethods.Create(options, new SearchTask(network, images, 1, runLog));
        return batches;
    }
}
