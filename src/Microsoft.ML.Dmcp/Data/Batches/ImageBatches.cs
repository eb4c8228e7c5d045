using Microsoft.ML.Dmcp.Data.Augmentation;
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

    /// <summary>How the set is cut into the batches of an epoch.</summary>
    public EpochPlan Plan => new(Set.Count, Size);

    /// <summary>A batch of unchanged images.</summary>
    /// <param name="images">Which ones.</param>
    public ImageBatch Make(IReadOnlyList<int> images) => Source.Make(Set, images, AugmentationPlan.None, null);

    /// <summary>The first images, every one once and in order, as lists of a batch each.</summary>
    /// <param name="count">How many images at most.</param>
    public IEnumerable<int[]> InOrder(int count = int.MaxValue) => Enumerable.Range(0, Math.Min(count, Set.Count)).Chunk(Size);
}
