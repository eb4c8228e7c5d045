using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>A set of images that is cut into batches.</summary>
/// <param name="Set">The images.</param>
/// <param name="Source">Makes tensors of them.</param>
/// <param name="Size">Images of a batch.</param>
internal sealed record ImageBatches(ImageSet Set, BatchSource Source, int Size)
{
    /// <summary>Where the tensors are.</summary>
    public Device Device => Source.Device;

    /// <summary>The processes that share every batch; null for one process.</summary>
    public Ranks? Ranks { get; init; }

    /// <summary>How the set is cut into the batches of an epoch.</summary>
    public EpochPlan Plan => new(Set.Count, Size, Ranks?.Size ?? 1);

    /// <summary>How many images of every batch this process computes with.</summary>
    /// <exception cref="InvalidOperationException">There are fewer images than processes.</exception>
    public int SizeOfShare => Plan is { Size: > 0 } plan ? plan.Size / plan.Ranks : throw new InvalidOperationException(
        FormattableString.Invariant($"{Set.Count} images are too few for {Plan.Ranks} ranks, each of which needs one of every batch."));

    /// <summary>The images of a batch that this process computes with.</summary>
    public ArraySegment<int> ShareOf(ArraySegment<int> batch)
    {
        if (Ranks is null)
            return batch;
        var first = (int)((long)batch.Count * Ranks.Rank / Ranks.Size);
        return batch[first..(int)((long)batch.Count * (Ranks.Rank + 1) / Ranks.Size)];
    }

    /// <summary>Puts this process's images of a batch into a buffer (<see cref="BatchSource.Fill"/>).</summary>
    public void FillShare(PixelBatch target, ArraySegment<int> batch, AugmentationPlan augmentation, RandomSource random)
    {
        var share = ShareOf(batch);
        Source.Fill(target, Set, share, augmentation, random, share.Offset - batch.Offset);
    }

    /// <summary>A batch of unchanged images.</summary>
    /// <param name="images">Which ones.</param>
    public ImageBatch Make(IReadOnlyList<int> images) => Source.Make(Set, images, AugmentationPlan.None, null);

    /// <summary>The first images, every one once and in order, as lists of a batch each.</summary>
    /// <param name="count">How many images at most.</param>
    public IEnumerable<int[]> InOrder(int count = int.MaxValue) => Enumerable.Range(0, Math.Min(count, Set.Count)).Chunk(Size);
}
