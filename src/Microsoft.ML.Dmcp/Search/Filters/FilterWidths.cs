using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>How many channels filter pruning keeps of every group.</summary>
internal static class FilterWidths
{
    /// <summary>Those of <see cref="FilterPruningOptions.KeepShares"/>; else one share for all groups, the largest in the budget.</summary>
    /// <param name="shares">Share of the channels that is kept, by the group's name; null for one share.</param>
    /// <param name="network">The unpruned network.</param>
    /// <param name="allowed">The widths that a result may have.</param>
    /// <param name="limits">The budget.</param>
    /// <exception cref="ArgumentOutOfRangeException">A share is of no group, or all together exceed the budget.</exception>
    public static int[] Of(
        IReadOnlyDictionary<string, double>? shares, NetworkDescription network, AllowedWidths allowed, CostLimits limits)
    {
        if (shares is null)
            return WidthAllocation.Uniform(network, allowed, limits).Widths;
        var names = network.Groups.Select(g => g.Name).ToArray();
        if (shares.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new ArgumentOutOfRangeException(nameof(FilterPruningOptions.KeepShares),
                $"KeepShares has a share for '{unknown}'; " +
                $"needed are names of channel groups of '{network.Name}': {string.Join(", ", names)}.");
        var widths = allowed.Round(network.Groups.Select(g => Math.Round(g.Channels * shares.GetValueOrDefault(g.Name, 1))));
        return limits.Hold(widths) ? widths
            : throw new ArgumentOutOfRangeException(nameof(FilterPruningOptions.KeepShares),
                FormattableString.Invariant($"The KeepShares use {100 * limits.Use(widths):0.#} % of the budget of {limits}: ") +
                "keep less, raise Budget, or leave KeepShares null.");
    }
}
