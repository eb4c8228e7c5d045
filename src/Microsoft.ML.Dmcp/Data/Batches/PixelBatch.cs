using Microsoft.ML.Dmcp.Data.Images;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>Room for the pixels and labels of a batch in the memory of the processor, filled again and again.</summary>
/// <param name="shape">Size of the images.</param>
/// <param name="count">Images of the batch.</param>
internal sealed class PixelBatch(ImageShape shape, int count) : IDisposable
{
    /// <summary>[N, H, W, C], bytes or floats as the images are.</summary>
    public Tensor Pixels { get; } =
        empty([count, shape.Height, shape.Width, shape.Channels], shape.IsFloat ? ScalarType.Float32 : ScalarType.Byte)
            .DetachFromDisposeScope();

    /// <summary>Classes, [N].</summary>
    public long[] Labels { get; } = new long[count];

    /// <summary>The pixels of one image, [H, W, C].</summary>
    public Span<byte> Image(int index) => Pixels.bytes.Slice(index * shape.Bytes, shape.Bytes);

    public void Dispose() => Pixels.Dispose();
}
