using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>How a set of images is cut into the batches of an epoch.</summary>
/// <param name="Images">Images in the set.</param>
/// <param name="BatchSize">Images of a batch; a multiple of the ranks.</param>
/// <param name="Ranks">Processes that share every batch, each with as many images as the others.</param>
internal readonly record struct EpochPlan(int Images, int BatchSize, int Ranks = 1)
{
    /// <summary>
    /// Batches of an epoch: a last, smaller batch is left out (its images come in another epoch) unless it is the only one.
    /// </summary>
    public int Batches => Math.Max(1, Images / BatchSize);

    /// <summary>Images of every batch.</summary>
    public int Size => Math.Min(BatchSize, Images / Ranks * Ranks);

    /// <summary>Iterations of so many epochs: batches of all of them.</summary>
    public long Iterations(int epochs) => (long)Batches * epochs;

    /// <summary>The images in a new order.</summary>
    public int[] Shuffle(RandomSource random) => random.Permutation(Images);

    /// <summary>The images of a batch.</summary>
    public ArraySegment<int> Batch(int[] order, int batch) => new(order, batch * BatchSize, Size);
}
