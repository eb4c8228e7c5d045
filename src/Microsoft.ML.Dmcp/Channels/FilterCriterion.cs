namespace Microsoft.ML.Dmcp;

/// <summary>What makes a filter important.</summary>
public enum FilterCriterion
{
    /// <summary>The sum of the absolute weights (Li et al. 2017).</summary>
    L1Norm,

    /// <summary>The root of the sum of the squared weights, as soft filter pruning ranks (He et al. 2018).</summary>
    L2Norm,

    /// <summary>
    /// The sum of the distances to the other filters of the layer (FPGM, He et al. 2019): the filter nearest to the geometric median of all
    /// can best be replaced by the others.
    /// </summary>
    GeometricMedian,

    /// <summary>
    /// What the loss changes when the channel is taken out, to first order (Molchanov et al. 2019): the root of the mean over some batches
    /// of (∂L/∂g)², where the gate g = 1 multiplies the channel. Without a batch norm ∂L/∂g is Σ w · ∂L/∂w over the filters of all layers
    /// that make the channel and their biases; behind a batch norm it is γ · ∂L/∂γ + β · ∂L/∂β.
    /// </summary>
    /// <remarks>
    /// The gates stand behind batch norms since a filter in front of one may have any length: Σ w · ∂L/∂w is 0 there. Batches are squared
    /// one by one, as the paper does, because the mean gradient of a trained network is nearly 0 and says little.
    /// </remarks>
    Taylor,
}
