namespace Microsoft.ML.Dmcp;

/// <summary>
/// Pruning by the importance of filters: trains the unpruned network (or takes the weights of <see cref="ImageRunOptions.WeightsPath"/> as
/// they are), then keeps the most important channels of every group. With <see cref="FilterCriterion.GeometricMedian"/> it is FPGM.
/// </summary>
public class FilterPruningOptions : ChannelSearchOptions
{
    /// <summary>What makes a filter important. Default <see cref="FilterCriterion.L1Norm"/>.</summary>
    public FilterCriterion Criterion = FilterCriterion.L1Norm;

    /// <summary>
    /// Share of the channels that is kept, by the group's name; groups that are left out keep all. Null (default) for one share for all
    /// groups, the largest in the budget.
    /// </summary>
    public IReadOnlyDictionary<string, double>? KeepShares;

    internal override string MethodName => Criterion == FilterCriterion.GeometricMedian ? "fpgm" : "magnitude";

    internal override bool KeepsWeights => base.KeepsWeights || WeightsPath is not null;

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
        settings["keepShares"] = KeepShares is null ? "uniform"
            : string.Join(", ", KeepShares.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Text($"{s.Key} {s.Value}")));
        return settings;
    }
}
