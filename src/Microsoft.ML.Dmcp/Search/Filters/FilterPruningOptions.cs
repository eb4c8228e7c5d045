using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Filters;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Pruning by the importance of filters: trains the unpruned network (or takes the weights of <see cref="TrainingOptions.WeightsPath"/>
/// as they are), then keeps the most important channels of every group. With <see cref="FilterCriterion.GeometricMedian"/> it is FPGM.
/// </summary>
public class FilterPruningOptions : ChannelSearchOptions
{
    /// <summary>What makes a filter important.</summary>
    public FilterCriterion Criterion = FilterCriterion.L1Norm;

    /// <summary>Share of the channels that is kept, by the group's name; groups that are left out keep all. Null for one share for all groups, the largest in the budget.</summary>
    public IReadOnlyDictionary<string, double>? KeepShares;

    internal override string MethodName => Criterion == FilterCriterion.GeometricMedian ? "fpgm" : "magnitude";

    internal override bool KeepsWeights => base.KeepsWeights || WeightsPath is not null;

    internal override ChannelSearch Create(SearchTask task) => new FilterPruning(task, this, soft: false);

    /// <summary>How many channels every group keeps.</summary>
    internal int[] WidthsOf(NetworkDescription network, CostLimits limits)
    {
        if (KeepShares is null)
            return UniformScaling.Scale(network, limits).Widths;
        foreach (var name in KeepShares.Keys)
            Require(network.Groups.Any(g => g.Name == name), nameof(KeepShares), $"a share for '{name}'", $"names of channel groups of '{network.Name}': {string.Join(", ", network.Groups.Select(g => g.Name))}");
        var widths = network.Groups.Select(g => Math.Max(1, (int)Math.Round(g.Channels * KeepShares.GetValueOrDefault(g.Name, 1)))).ToArray();
        return limits.Hold(widths) ? widths
            : throw new ArgumentOutOfRangeException(nameof(KeepShares), FormattableString.Invariant($"The KeepShares use {100 * limits.Use(widths):0.#} % of the budget of {limits}: keep less, raise Budget, or leave KeepShares null."));
    }

    internal override void Check()
    {
        base.Check();
        RequireKnown(Criterion, nameof(Criterion));
        foreach (var (name, share) in KeepShares ?? new Dictionary<string, double>())
            Require(share is > 0 and <= 1, nameof(KeepShares), Text($"{share} for '{name}'"), "shares in (0, 1]");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        settings["criterion"] = Criterion.ToString();
        settings["keepShares"] = KeepShares is null ? "uniform" : string.Join(", ", KeepShares.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Text($"{s.Key} {s.Value}")));
        return settings;
    }
}
