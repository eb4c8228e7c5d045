namespace Microsoft.ML.Dmcp;

/// <summary>
/// Soft filter pruning (SFP, He et al. 2018): after every epoch the channels of the least important filters are set to zero, but still
/// trained, so that they can recover; what is zero in the end is pruned.
/// </summary>
/// <remarks>
/// In front of a batch norm it is the norm's scale γ that is set to zero rather than the filter, and a channel's importance is that of its
/// filters times |γ|. The network computes the same as with a filter of zeros, whose gradient would be longer by 1/√ε, about 300 times:
/// training does not recover from it within short epochs. After the last epoch the shifts β go too.
/// </remarks>
public sealed class SoftFilterPruningOptions : FilterPruningOptions
{
    /// <summary>Options with the paper's criterion, the L2 norm.</summary>
    public SoftFilterPruningOptions() => Criterion = FilterCriterion.L2Norm;

    internal override string MethodName => "sfp";

    internal override bool KeepsWeights => CheckpointPath is not null;

    internal override void Check()
    {
        base.Check();
        Require(Criterion != FilterCriterion.Taylor, nameof(Criterion), Criterion,
            "one of the weights: a filter that is zero has no gradient, and would never recover");
        Require(Scope == PruningScope.LayerWise, nameof(Scope), Scope, "LayerWise for soft filter pruning");
        Require(PruningSteps == 1, nameof(PruningSteps), PruningSteps, "1 for soft filter pruning, which prunes after every epoch");
    }
}
