using Microsoft.ML.Dmcp.Search.Dais;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Search.Filters;
using Microsoft.ML.Dmcp.Search.Slimmable;
using Microsoft.ML.Dmcp.Search.Uniform;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>The table of all methods: which search belongs to which options.</summary>
internal static class SearchMethods
{
    /// <summary>The search of given options.</summary>
    /// <param name="options">How to search; checked.</param>
    /// <param name="task">What to search on.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget.</exception>
    public static ChannelSearch Create(ImageRunOptions options, SearchTask task) => options switch
    {
        DmcpSearchOptions dmcp => new DmcpSearch(task, dmcp),
        DaisSearchOptions dais => new DaisSearch(task, dais),
        SoftFilterPruningOptions soft => new FilterPruning(task, soft, soft: true),
        FilterPruningOptions filters => new FilterPruning(task, filters, soft: false),
        SlimmableSearchOptions slimmable => new SlimmableSearch(task, slimmable),
        UniformScalingOptions uniform => new UniformSearch(task, uniform),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.GetType().Name, "No search method has these options."),
    };
}
