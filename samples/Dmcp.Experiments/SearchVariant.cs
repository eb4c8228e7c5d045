using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>One way to search, of those that the paper's tables compare.</summary>
/// <param name="Name">Name of its results.</param>
/// <param name="Change">What differs from the base.</param>
/// <param name="Width">Multiplier of the unpruned network's widths (Table 2).</param>
/// <param name="Small">Whether the budget is the smaller one.</param>
internal sealed record SearchVariant(string Name, Action<DmcpSearchOptions> Change, double Width = 1, bool Small = false)
{
    /// <summary>Width of the larger unpruned network of Table 2.</summary>
    public const double LargeWidth = 1.5;

    public static SearchVariant Dmcp { get; } = new("dmcp", _ => { });

    /// <summary>Table 3: as many epochs, all of them iterative.</summary>
    public static SearchVariant NoWarmUp { get; } = new("no-warm-up", o => o.WarmUpShare = 0);

    /// <summary>Table 4.</summary>
    public static SearchVariant OriginalSandwich { get; } = new("original-sandwich", o => o.SandwichRule = SandwichRuleKind.Original);

    /// <summary>Table 5, first row.</summary>
    public static SearchVariant BudgetLossOnly { get; } = new("budget-loss-only", o =>
    {
        o.TaskLossTrainsArchitecture = false;
        o.WeightsTrainDuringSearch = false;
    });

    /// <summary>Table 5, second row.</summary>
    public static SearchVariant FrozenWeights { get; } = new("frozen-weights", o => o.WeightsTrainDuringSearch = false);

    public static SearchVariant SmallBudget { get; } = new("dmcp-small", _ => { }, Small: true);

    /// <summary>Table 2.</summary>
    public static SearchVariant Large { get; } = new("dmcp-large", _ => { }, LargeWidth);

    public static SearchVariant LargeSmallBudget { get; } = new("dmcp-large-small", _ => { }, LargeWidth, Small: true);
}
