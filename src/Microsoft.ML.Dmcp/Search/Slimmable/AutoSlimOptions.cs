using Microsoft.ML.Dmcp.Search.Slimmable;

namespace Microsoft.ML.Dmcp;

/// <summary>AutoSlim (Yu and Huang 2019): slimmable training, then greedy slimming to the budget.</summary>
public sealed class AutoSlimOptions : SlimmableSearchOptions
{
    internal override string MethodName => "autoslim";

    internal override int[] Choose(StructureChoice choice) => GreedySlimming.Choose(choice.Grid, choice.Limits, choice.Accuracy);
}
