namespace Microsoft.ML.Dmcp;

/// <summary>How the importance of a filter follows from its weights.</summary>
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
}
