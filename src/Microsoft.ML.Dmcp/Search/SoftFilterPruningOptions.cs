using Microsoft.ML.Dmcp.Channels;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// Soft filter pruning (SFP, He et al. 2018): after every epoch the channels of the least important filters are set to zero, and go on being
/// trained, so that they can come back; what is zero in the end is pruned.
/// </summary>
/// <remarks>
/// Where a batch norm follows, its scale γ and shift β are set to zero rather than the filter, and a filter's importance is that of |γ| times its
/// weights. The paper sets the filter to zero; the gradient behind a batch norm is then longer by 1/√ε, about 300 times, and training does not
/// recover within short epochs.
/// </remarks>
public sealed class SoftFilterPruningOptions : FilterPruningOptions
{
    /// <summary>Options with the paper's criterion, the L2 norm.</summary>
    public SoftFilterPruningOptions() => Criterion = FilterCriterion.L2Norm;

    internal override string MethodName => "sfp";

    internal override ChannelSearch Create(SearchTask task) => new FilterPruning(task, this, soft: true);
}
