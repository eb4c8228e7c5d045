namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>The search methods by name.</summary>
internal static class SearchChoice
{
    private const string Uniform = "uniform", Dmcp = "dmcp";

    /// <summary>The names, the default first.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [Dmcp, Uniform, "filters", "soft-filters", "dais", "autoslim", "evolution", "random"];

    /// <summary>Whether a method trains.</summary>
    public static bool Trains(string method) => method != Uniform;

    /// <summary>The widths that a method may give, where it limits them.</summary>
    /// <param name="method">The method.</param>
    /// <param name="budget">What the pruned network may cost.</param>
    /// <param name="network">The unpruned network.</param>
    /// <param name="hasWeights">Whether it begins with given weights.</param>
    public static WidthRange? WidthsOf(string method, Budget budget, NetworkDescription network, bool hasWeights)
    {
        if (OptionsOf(method) is not SandwichSearchOptions search)
            return null;
        search.Budget = budget;
        // Whatever they are called in the end.
        search.WeightsPath = hasWeights ? StartingNetwork.Pretrained : null;
        return search.RangeFor(network);
    }

    /// <summary>The step of a pipeline that searches.</summary>
    /// <param name="transforms">ML.NET's catalog.</param>
    /// <param name="settings">Method and epochs.</param>
    /// <param name="budget">What the pruned network may cost.</param>
    /// <param name="network">The unpruned network.</param>
    /// <param name="alike">Sets what all steps have in common.</param>
    public static IEstimator<ChannelSearchTransformer> Create(
        TransformsCatalog transforms, SearchSettings settings, Budget budget, NetworkArchitecture network, Action<ImageRunOptions> alike)
    {
        if (settings.Method == Uniform)
        {
            var uniform = new UniformScalingOptions { Network = network, Budget = budget, WidthMultiple = settings.WidthMultiple };
            alike(uniform);
            return transforms.UniformScaling(uniform);
        }
        var options = OptionsOf(settings.Method)!;
        (options.Network, options.Budget, options.WidthMultiple) = (network, budget, settings.WidthMultiple);
        options.NumberOfEpochs = settings.Epochs;
        alike(options);
        return options switch
        {
            DmcpSearchOptions dmcp => transforms.DmcpSearch(dmcp),
            DaisSearchOptions dais => transforms.DaisSearch(dais),
            AutoSlimOptions slim => transforms.AutoSlimSearch(slim),
            EvolutionarySearchOptions evolution => transforms.EvolutionarySearch(evolution),
            RandomStructuresOptions random => transforms.RandomStructuresSearch(random),
            SoftFilterPruningOptions soft => transforms.SoftFilterPruning(soft),
            _ => transforms.FilterPruning((FilterPruningOptions)options),
        };
    }

    private static ChannelSearchOptions? OptionsOf(string method) => method switch
    {
        Dmcp => new DmcpSearchOptions(),
        "filters" => new FilterPruningOptions { Criterion = FilterCriterion.Taylor, Scope = PruningScope.Global },
        "soft-filters" => new SoftFilterPruningOptions(),
        "dais" => new DaisSearchOptions(),
        "autoslim" => new AutoSlimOptions(),
        "evolution" => new EvolutionarySearchOptions(),
        "random" => new RandomStructuresOptions(),
        _ => null,
    };
}
