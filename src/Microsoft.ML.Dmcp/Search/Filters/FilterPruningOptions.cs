using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Pruning by the importance of filters: trains the unpruned network (or takes the weights of <see cref="ImageRunOptions.WeightsPath"/> as
/// they are), then keeps the most important channels: of every group by itself, or of all in one ranking (<see cref="Scope"/>); at once, or
/// in steps with training between (<see cref="PruningSteps"/>). With <see cref="FilterCriterion.GeometricMedian"/> it is FPGM.
/// </summary>
public class FilterPruningOptions : ChannelSearchOptions
{
    /// <summary>What makes a filter important. Default <see cref="FilterCriterion.L1Norm"/>.</summary>
    public FilterCriterion Criterion = FilterCriterion.L1Norm;

    /// <summary>Batches of training images whose gradients make <see cref="FilterCriterion.Taylor"/>. Default 10.</summary>
    public int TaylorBatches = TaylorImportance.UsualBatches;

    /// <summary>Among which channels the least important are looked for. Default <see cref="PruningScope.LayerWise"/>.</summary>
    public PruningScope Scope = PruningScope.LayerWise;

    /// <summary>
    /// In how many rounds each step takes channels away: what is left is ranked anew before every one, since channels that say the same
    /// become important once the others are gone. When null (default), 20 for <see cref="PruningScope.Global"/> and 1 otherwise, which is
    /// all that other scopes have.
    /// </summary>
    public int? RankingRounds;

    internal int Rounds => RankingRounds ?? (Scope == PruningScope.Global ? RankedChannels.UsualRounds : 1);

    /// <summary>
    /// Whether a channel's importance is divided by what the network without it saves of the tightest limit of the budget, so that channels
    /// which cost much go first. For <see cref="PruningScope.Global"/>. Off by default.
    /// </summary>
    public bool PerCost;

    /// <summary>
    /// Share of the channels that is kept, by the group's name; groups that are left out keep all. Null (default) for one share for all
    /// groups, the largest in the budget. For <see cref="PruningScope.LayerWise"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double>? KeepShares;

    /// <summary>
    /// In how many steps channels go, from 1 to the number of epochs. The training is cut into as many parts of the same length, and
    /// after each of them the same share of what is left goes; what is gone stays gone, and the last step meets the budget. Default 1: all
    /// at once, after the training. With more, given weights (<see cref="ImageRunOptions.WeightsPath"/>) are trained too.
    /// </summary>
    public int PruningSteps = 1;

    /// <summary>
    /// Weight w in [0, 1) of what the training between steps learns from the network of the given weights as it was (knowledge
    /// distillation), against 1 − w for the labels. Default null: 0.5 where that network was trained by itself on these classes, else 0.
    /// </summary>
    public double? DistillationWeight;

    internal override string MethodName => (Scope == PruningScope.Global ? "global-" : "") + Criterion switch
    {
        FilterCriterion.GeometricMedian => "fpgm",
        FilterCriterion.Taylor => "taylor",
        _ => "magnitude",
    };

    internal override bool KeepsWeights => base.KeepsWeights || (WeightsPath is not null && PruningSteps == 1);

    internal override void Check()
    {
        base.Check();
        RequireKnown(Criterion, nameof(Criterion));
        RequireKnown(Scope, nameof(Scope));
        Require(TaylorBatches >= 1, nameof(TaylorBatches), TaylorBatches, "1 or more");
        Require(Rounds is >= 1 and <= 1000, nameof(RankingRounds), RankingRounds, "a number from 1 to 1000, or null");
        Require(Rounds == 1 || Scope == PruningScope.Global, nameof(RankingRounds), RankingRounds, "1 or null unless Scope is Global");
        Require(!PerCost || Scope == PruningScope.Global, nameof(PerCost), PerCost,
            "off unless Scope is Global: the channels of one group cost the same");
        Require(KeepShares is null || Scope == PruningScope.LayerWise, nameof(KeepShares), "given",
            "null unless Scope is LayerWise: Global finds the shares");
        foreach (var (name, share) in KeepShares ?? new Dictionary<string, double>())
            Require(share is > 0 and <= 1, nameof(KeepShares), Text($"{share} for '{name}'"), "shares in (0, 1]");
        Require(PruningSteps >= 1 && PruningSteps <= NumberOfEpochs, nameof(PruningSteps), PruningSteps,
            Text($"1 to NumberOfEpochs ({NumberOfEpochs})"));
        Require(DistillationWeight is null or (>= 0 and < 1), nameof(DistillationWeight), DistillationWeight,
            "a number in [0, 1), or null");
        Require(DistillationWeight is not > 0 || (PruningSteps > 1 && WeightsPath is not null), nameof(DistillationWeight),
            DistillationWeight, "null or 0 unless WeightsPath is given and PruningSteps is 2 or more");
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        // Checkpoints from before know one scope and one step, and do not name them.
        var settings = base.ToSettings();
        settings["criterion"] = Criterion == FilterCriterion.Taylor ? Text($"{Criterion} of {TaylorBatches} batches") : $"{Criterion}";
        if (Scope == PruningScope.Global)
            settings["scope"] = PerCost ? "global, importance per cost" : "global";
        if (Rounds > 1)
            settings["rankingRounds"] = Text($"{Rounds}");
        else
            settings["keepShares"] = KeepShares is null ? "uniform"
                : string.Join(", ", KeepShares.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Text($"{s.Key} {s.Value}")));
        if (PruningSteps > 1)
            settings[CheckpointIdentity.PruningStepsSetting] = Text($"{PruningSteps}");
        if (DistillationWeight is { } weight)
            settings["distillation"] = Text($"weight {weight}");
        return settings;
    }
}
