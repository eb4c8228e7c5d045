using System.Globalization;
using Microsoft.ML.Dmcp.Search;

namespace Microsoft.ML.Dmcp;

/// <summary>The baseline of all pruning papers: every channel group narrowed by the same factor until the budget is met.</summary>
public static class UniformScaling
{
    internal const string MethodName = "uniform";

    /// <summary>The uniformly narrowed network of a budget.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="budget">What the narrowed network may cost at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget is below one channel a group, or above the unpruned network.</exception>
    public static ChannelConfig Find(NetworkDescription network, Budget budget)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(budget);
        var (widths, factor) = WidthAllocation.Uniform(network, budget.For(network, WidthAllocation.Narrowest(network)));
        var (name, value) = FactorSetting(factor);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["budget"] = budget.ToString(),
            [name] = value,
        };
        return ChannelConfig.Of(network, widths, new SearchMethod(MethodName, settings));
    }

    internal static (string Name, string Value) FactorSetting(double factor) =>
        ("factor", factor.ToString("0.0000", CultureInfo.InvariantCulture));
}
