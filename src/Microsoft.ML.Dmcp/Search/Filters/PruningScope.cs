namespace Microsoft.ML.Dmcp;

/// <summary>Among which channels filter pruning looks for the least important ones.</summary>
public enum PruningScope
{
    /// <summary>Those of each group by itself; how many are kept is given before.</summary>
    LayerWise,

    /// <summary>Those of all groups at once, so that the ranking also finds how many every group keeps; at least a tenth of it.</summary>
    Global,
}
