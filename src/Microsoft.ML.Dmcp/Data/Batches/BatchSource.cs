using System.Runtime.ExceptionServices;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>
/// Turns images into tensors: augments, stacks, moves to the device and normalises. The pixels stay in channels-last order.
/// </summary>
internal sealed class BatchSource : IDisposable
{
    // Bytes of an image from which several are changed at once; smaller ones are done before another thread wakes up.
    private const int LargeImage = 1 << 15;

    private readonly ImageShape _shape;
    private readonly ImageAugmenter _augmenter;
    private readonly Tensor _mean;
    private readonly Tensor _scale;

    /// <param name="shape">Size of the images.</param>
    /// <param name="normalization">Mean and deviation of every colour.</param>
    /// <param name="device">Where the tensors go.</param>
    public BatchSource(ImageShape shape, Normalization normalization, Device device)
    {
        _shape = shape;
        _augmenter = new ImageAugmenter(shape);
        Device = device;
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
    public ImageBatch Make(ImageSet set, IReadOnlyList<int> indices, AugmentationPlan augmentation, RandomSource? random)
    {
        using var pixels = Reserve(indices.Count);
        Fill(pixels, set, indices, augmentation, random);
        return Make(pixels);
    }

    /// <summary>Images as they are, [N, C, H, W].</summary>
    /// <param name="images">Pixels of every image.</param>
    public Tensor Make(IReadOnlyList<byte[]> images)
    {
        using var pixels = Reserve(images.Count);
        for (var i = 0; i < images.Count; i++)
            images[i].CopyTo(pixels.Image(i));
        return Normalize(pixels.Pixels);
    }

    /// <summary>A buffer for the pixels of a batch.</summary>
    public PixelBatch Reserve(int count) => new(_shape, count);

    /// <summary>Puts the images of a batch into a buffer; makes no tensors, so that any thread may do it.</summary>
    /// <param name="target">The buffer.</param>
    /// <param name="set">Where the images are.</param>
    /// <param name="indices">Which ones.</param>
    /// <param name="augmentation">How they are changed.</param>
    /// <param name="random">Needed when they are changed. One number is drawn, from which every image gets its own source.</param>
    /// <param name="first">Position of the first image in its batch, of which these are a part.</param>
    public void Fill(
        PixelBatch target, ImageSet set, IReadOnlyList<int> indices, AugmentationPlan augmentation, RandomSource? random, int first = 0)
    {
        var seed = random?.NextUInt64() ?? 0;
        if (_shape.Bytes < LargeImage)
        {
            for (var i = 0; i < indices.Count; i++)
                FillOne(i);
            return;
        }
        try
        {
            Parallel.For(0, indices.Count, FillOne);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        void FillOne(int i)
        {
            target.Labels[i] = set.Labels[indices[i]];
            _augmenter.Copy(set.Images[indices[i]], target.Image(i), augmentation, new RandomSource((long)seed + first + i));
        }
    }

    /// <summary>The tensors of a filled batch. They may share its memory: they are good until it is filled again.</summary>
    public ImageBatch Make(PixelBatch pixels) => new(Normalize(pixels.Pixels), tensor(pixels.Labels).SentTo(Device));

    public void Dispose()
    {
        _mean.Dispose();
        _scale.Dispose();
    }

    private Tensor Normalize(Tensor raw) => raw.SentTo(Device).to(ScalarType.Float32).sub_(_mean).mul_(_scale).permute(0, 3, 1, 2);
}
