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
    /// <param name="widthMultiple">
    /// What all widths are multiples of, such as 8 or 16 (<see cref="UniformScalingOptions.WidthMultiple"/>). Default 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The budget is below one channel a group (or one multiple), or above the unpruned network; or the multiple is below 1.
    /// </exception>
    public static ChannelConfig Find(NetworkDescription network, Budget budget, int widthMultiple = 1)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(budget);
        ArgumentOutOfRangeException.ThrowIfLessThan(widthMultiple, 1);
        var allowed = new AllowedWidths(network, widthMultiple);
        var (widths, factor) = WidthAllocation.Uniform(network, allowed, budget.For(network, allowed.Narrowest));
        var (name, value) = FactorSetting(factor);
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["budget"] = budget.ToString(),
            [name] = value,
        };
        if (widthMultiple > 1)
            settings[AllowedWidths.Setting] = widthMultiple.ToString(CultureInfo.InvariantCulture);
        return ChannelConfig.Of(network, widths, new SearchMethod(MethodName, settings));
    }

    internal static (string Name, string Value) FactorSetting(double factor) =>
        ("factor", factor.ToString("0.0000", CultureInfo.InvariantCulture));
}
