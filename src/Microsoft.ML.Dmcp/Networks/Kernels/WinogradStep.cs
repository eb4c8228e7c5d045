namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>What the kernels of <see cref="Winograd"/> do one after another.</summary>
internal enum WinogradStep
{
    /// <summary>Transforms the weights.</summary>
    Filters,

    /// <summary>The result.</summary>
    Results,

    /// <summary>The gradient of the weights.</summary>
    WeightGradient,
}
