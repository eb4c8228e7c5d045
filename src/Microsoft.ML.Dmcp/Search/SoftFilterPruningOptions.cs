using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// Soft filter pruning (SFP, He et al. 2018): after every epoch the least important filters are set to zero, and go on being trained, so
/// that they can come back; what is zero in the end is pruned.
/// </summary>
public sealed class SoftFilterPruningOptions : FilterPruningOptions
{
    /// <summary>Options with the paper's criterion, the L2 norm.</summary>
    public SoftFilterPruningOptions() => Criterion = FilterCriterion.L2Norm;

    internal override string MethodName => "sfp";

    internal override ChannelSearch Create(SearchTask task) => new FilterPruning(task, this, soft: true);
}
