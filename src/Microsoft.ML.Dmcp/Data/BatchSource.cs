using Microsoft.ML.Dmcp.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>Turns images into tensors: augments, stacks, moves to the device and normalises. The pixels stay in channels-last order.</summary>
internal sealed class BatchSource : IDisposable
{
    private readonly ImageShape _shape;
    private readonly ImageAugmenter _augmenter;
    private readonly Tensor _mean;
    private readonly Tensor _scale;

    /// <param name="shape">Size of the images.</param>
    /// <param name="normalization">Mean and deviation of every colour.</param>
    /// <param name="device">Where the tensors go.</param>
    public BatchSource(ImageShape shape, Normalization normalization, Device device)
    {
        (_shape, _augmenter, Device) = (shape, new ImageAugmenter(shape), device);
        using var scope = NewDisposeScope();
        _mean = tensor(normalization.Mean.ToArray()).to(device).DetachFromDisposeScope();
        _scale = tensor(normalization.Deviation.Select(d => 1 / d).ToArray()).to(device).DetachFromDisposeScope();
    }

    /// <summary>Where the tensors go.</summary>
    public Device Device { get; }

    /// <summary>A batch of a set.</summary>
    /// <param name="set">Where the images are.</param>
    /// <param name="indices">Which ones.</param>
    /// <param name="augmentation">How they are changed.</param>
    /// <param name="random">Needed when they are changed.</param>
    public ImageBatch Make(ImageSet set, ReadOnlySpan<int> indices, Augmentation augmentation, RandomSource? random)
    {
        var labels = new long[indices.Length];
        var raw = Empty(indices.Length);
        var pixels = raw.bytes;
        pixels.Clear();
        for (var i = 0; i < indices.Length; i++)
        {
            labels[i] = set.Labels[indices[i]];
            _augmenter.Copy(set.Images[indices[i]], pixels.Slice(i * _shape.Bytes, _shape.Bytes), augmentation, random);
        }
        return new ImageBatch(Normalize(raw), tensor(labels).to(Device));
    }

    /// <summary>Images as they are, [N, C, H, W].</summary>
    /// <param name="images">Pixels of every image.</param>
    public Tensor Make(IReadOnlyList<byte[]> images)
    {
        var raw = Empty(images.Count);
        var pixels = raw.bytes;
        for (var i = 0; i < images.Count; i++)
            images[i].CopyTo(pixels[(i * _shape.Bytes)..]);
        return Normalize(raw);
    }

    public void Dispose()
    {
        _mean.Dispose();
        _scale.Dispose();
    }

    private Tensor Empty(int count) =>
        empty([count, _shape.Height, _shape.Width, _shape.Channels], _shape.IsFloat ? ScalarType.Float32 : ScalarType.Byte);

    private Tensor Normalize(Tensor raw) => raw.to(Device).to(ScalarType.Float32).sub_(_mean).mul_(_scale).permute(0, 3, 1, 2);
}
