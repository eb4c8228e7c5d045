using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Kernels;

/// <summary>How kernels of ours compute a convolution without bias, of values that lie channels last.</summary>
internal abstract record ConvPlan
{
    /// <summary>Multiply-adds for which a second thread is worth its waking.</summary>
    protected const long SmallWork = 1 << 18;

    /// <summary>The result, [N, filters, H, W] with channels last, of x's type.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[filters, C, height, width] of 32 bits.</param>
    public abstract Tensor Forward(Tensor x, Tensor weight);

    /// <summary>Gradients of the image and of the weight, of their types, channels last; null for one that nobody asks for.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="weight">[filters, C, height, width] of 32 bits.</param>
    /// <param name="gradient">Of the result, in the order in which it lies in memory, [N, H, W, filters].</param>
    /// <param name="asksImage">Whether somebody asks for the image's.</param>
    /// <param name="asksWeight">Whether somebody asks for the weight's.</param>
    public abstract (Tensor? OfImage, Tensor? OfWeight) Backward(
        Tensor x, Tensor weight, Tensor gradient, bool asksImage, bool asksWeight);

    /// <summary>Whether kernels can read the values: of at least 8 images, with channels and filters in whole vector registers.</summary>
    /// <param name="x">[N, C, H, W].</param>
    /// <param name="filters">Channels of the result.</param>
    protected static bool CanRead(Tensor x, long filters) =>
        ProductTile.IsSupported && x.shape is [>= ProductTile.Rows, var channels, _, _] && channels % ProductTile.Unit == 0
        && filters % ProductTile.Unit == 0 && KernelMemory.CanRead(x);
}
