using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>How a fused batch norm computes.</summary>
/// <param name="Layout">Of the values.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Lower">Lower limit of the activation; −∞ for none.</param>
/// <param name="Upper">Upper limit of the activation; ∞ for none.</param>
/// <param name="RunningMean">Running mean that the batch's enters, [C] of 32 bits; null for none.</param>
/// <param name="RunningVariance">Likewise the variance, of which the batch's is unbiased.</param>
/// <param name="Momentum">Weight of the batch in them.</param>
internal sealed record NormSettings(
    NormLayout Layout, double Epsilon, float Lower, float Upper, Tensor? RunningMean = null, Tensor? RunningVariance = null,
    double Momentum = 0);
