namespace Microsoft.ML.Dmcp;

/// <summary>How the random sub-networks of stage 1 choose their widths (Table 4 of the paper).</summary>
public enum SandwichRuleKind
{
    /// <summary>The paper's variant: every channel group draws its own width.</summary>
    Variant,

    /// <summary>The original rule of slimmable networks (Yu and Huang 2019): one ratio, drawn uniformly, for all groups.</summary>
    Original,
}
