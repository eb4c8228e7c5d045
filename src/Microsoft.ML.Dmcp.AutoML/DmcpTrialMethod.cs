namespace Microsoft.ML.Dmcp;

/// <summary>How a trial comes to its widths.</summary>
public enum DmcpTrialMethod
{
    /// <summary>α is trained for the budget on the shared weights, which stay as they are (DMCP).</summary>
    Dmcp,

    /// <summary>All channel groups are narrowed by one factor (<see cref="UniformScaling"/>): no search.</summary>
    Uniform,

    /// <summary>
    /// The least important channels of all groups go, in one ranking by Taylor importance (<see cref="PruningScope.Global"/>).
    /// </summary>
    GlobalPruning,

    /// <summary>No trial of its own: trains the weights that the trials of one network share.</summary>
    SharedWeights,
}
