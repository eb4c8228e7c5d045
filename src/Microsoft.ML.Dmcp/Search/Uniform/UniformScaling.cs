using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>The baseline of all pruning papers: every channel group narrowed by the same factor until the budget is met.</summary>
public static class UniformScaling
{
    internal const string MethodName = "uniform", Factor = "factor";

    /// <summary>The uniformly narrowed network of a budget.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="budget">What the narrowed network may cost at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below one channel a group, or above the unpruned network.</exception>
    public static ChannelConfig Find(NetworkDescription network, Budget budget)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(budget);
        var limits = budget.For(network, network.Groups.Select(_ => 1).ToArray());
        var (widths, factor) = Scale(network, limits);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["budget"] = budget.ToString(),
            [Factor] = factor,
        };
        return ChannelConfig.Of(network, widths, new SearchMethod(MethodName, settings));
    }

    /// <summary>The widths, and the factor that they are of the full ones.</summary>
    internal static (int[] Widths, string Factor) Scale(NetworkDescription network, CostLimits limits)
    {
        var (widths, factor) = WidthAllocation.Largest(x => network.FullWidths.Select(w => w * x).ToArray(), 0, 1, network.FullWidths, limits);
        return (widths, factor.ToString("0.0000", CultureInfo.InvariantCulture));
    }
}
