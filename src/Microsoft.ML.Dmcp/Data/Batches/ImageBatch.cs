using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>What one iteration works on.</summary>
/// <param name="Images">Normalised, [N, C, H, W] in channels-last order.</param>
/// <param name="Labels">Classes, [N].</param>
internal readonly record struct ImageBatch(Tensor Images, Tensor Labels)
{
    public long Count => Labels.shape[0];

    /// <summary>The same batch, its images in the type that the network computes with.</summary>
    public ImageBatch As(ScalarType type) => Images.dtype == type ? this : this with { Images = Images.to(type) };
}
