namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>With which mean and variance a batch norm works.</summary>
internal enum NormStatistics
{
    /// <summary>Those of the batch; running statistics stay as they are. For sub-networks, which share the running statistics.</summary>
    Batch,

    /// <summary>Those of the batch, which also enter the running statistics.</summary>
    BatchTracked,

    /// <summary>The running statistics. For prediction.</summary>
    Running,
}
