using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>What one iteration works on.</summary>
/// <param name="Images">Normalised, [N, C, H, W] in channels-last order.</param>
/// <param name="Labels">Classes, [N].</param>
internal readonly record struct ImageBatch(Tensor Images, Tensor Labels)
{
    public long Count => Labels.shape[0];
}
