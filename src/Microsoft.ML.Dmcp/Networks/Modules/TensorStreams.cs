using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Networks.Modules;

/// <summary>
/// Tensors in TorchSharp's format, wherever and in whichever order their elements lie: TorchSharp itself takes only contiguous ones.
/// </summary>
internal static class TensorStreams
{
    /// <summary>Writes type, shape and elements.</summary>
    public static void WriteTo(this Tensor tensor, BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        tensor.detach().contiguous().Save(writer);
    }

    /// <summary>Gives a tensor the elements that <see cref="WriteTo"/> wrote.</summary>
    /// <exception cref="ArgumentException">They are of another type or shape.</exception>
    public static void ReadFrom(this Tensor tensor, BinaryReader reader)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var read = empty(tensor.shape, tensor.dtype);
        read.Load(reader);
        tensor.copy_(read);
    }
}
