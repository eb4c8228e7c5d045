namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>One of the four passes of a batch norm over its values.</summary>
internal enum NormStep
{
    /// <summary>Σ(x − mean) and Σ(x − mean)² of every channel, where the mean is a guess.</summary>
    Sums,

    /// <summary>y = min(max(scale·x + shift + summand, lower), upper).</summary>
    Normalize,

    /// <summary>
    /// Σg and Σ(x − mean)·g of every channel, where g is dy where y is within the limits, and 0 elsewhere: the gradient of the summand.
    /// </summary>
    GradientSums,

    /// <summary>dx = scale·g + slope·(x − mean) + constant.</summary>
    Gradient,
}
