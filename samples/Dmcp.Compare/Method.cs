using Microsoft.ML;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>A search method: its options, and the estimator that its options make.</summary>
/// <param name="Name">Its name in results.</param>
/// <param name="FindsUniformWidths">Whether it chooses filters and not their number.</param>
/// <param name="Create">Makes options and, once they are filled in, the estimator.</param>
internal sealed record Method(
    string Name, bool FindsUniformWidths,
    Func<TransformsCatalog, (ChannelSearchOptions Options, Func<IEstimator<ChannelSearchTransformer>> Estimator)> Create)
{
    public static IReadOnlyList<Method> All { get; } =
    [
        Of("dmcp", new Func<DmcpSearchOptions>(() => new()), (t, o) => t.DmcpSearch(o)),
        Of("dais", () => new DaisSearchOptions(), (t, o) => t.DaisSearch(o)),
        Of("autoslim", () => new AutoSlimOptions(), (t, o) => t.AutoSlimSearch(o)),
        Of("evolutionary", () => new EvolutionarySearchOptions(), (t, o) => t.EvolutionarySearch(o)),
        Of("random", () => new RandomStructuresOptions(), (t, o) => t.RandomStructuresSearch(o)),
        Of("magnitude", () => new FilterPruningOptions(), (t, o) => t.FilterPruning(o)),
        Of("fpgm", () => new FilterPruningOptions { Criterion = FilterCriterion.GeometricMedian }, (t, o) => t.FilterPruning(o)),
        Of("taylor", () => new FilterPruningOptions { Criterion = FilterCriterion.Taylor }, (t, o) => t.FilterPruning(o)),
        Of("global", () => new FilterPruningOptions { Scope = PruningScope.Global }, (t, o) => t.FilterPruning(o)),
        Of("sfp", () => new SoftFilterPruningOptions(), (t, o) => t.SoftFilterPruning(o)),
    ];

    /// <summary>The method of a name.</summary>
    public static Method Of(string name) => All.Single(m => m.Name == name);

    private static Method Of<TOptions>(
        string name, Func<TOptions> options, Func<TransformsCatalog, TOptions, IEstimator<ChannelSearchTransformer>> estimator)
        where TOptions : ChannelSearchOptions => new(
        name, options() is SoftFilterPruningOptions or FilterPruningOptions { Scope: not PruningScope.Global }, catalog =>
        {
            var made = options();
            return (made, () => estimator(catalog, made));
        });
}
