namespace Microsoft.ML.Dmcp;

/// <summary>AutoSlim (Yu and Huang 2019): slimmable training, then greedy slimming to the budget.</summary>
public sealed class AutoSlimOptions : SlimmableSearchOptions
{
    internal override string MethodName => "autoslim";
}
