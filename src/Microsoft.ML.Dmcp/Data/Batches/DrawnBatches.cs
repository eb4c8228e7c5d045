using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Data.Batches;

/// <summary>
/// One batch for every iteration of a run that goes through other images: drawn with replacement. Each has a source of its own, so that a
/// run that resumes draws the same.
/// </summary>
/// <param name="images">The images.</param>
/// <param name="augmentation">How they are changed at random.</param>
/// <param name="seed">Seed of all draws.</param>
/// <param name="iterations">Iterations of the whole run.</param>
internal sealed class DrawnBatches(ImageBatches images, AugmentationPlan augmentation, long seed, long iterations) : IDisposable
{
    private BatchesAhead? _ahead;

    /// <summary>The batch of an iteration; the iterations come one after another from the first that is asked for.</summary>
    public ImageBatch Next(long iteration) => (_ahead ??= From((int)iteration)).Next();

    public void Dispose() => _ahead?.Dispose();

    private BatchesAhead From(int first)
    {
        return new BatchesAhead(images.Source, images.SizeOfShare, first, (int)iterations, (target, iteration) =>
        {
            var random = new RandomSource(seed + iteration);
            var drawn = Enumerable.Range(0, images.Plan.Size).Select(_ => random.NextInt32(images.Set.Count)).ToArray();
            images.FillShare(target, drawn, augmentation, random);
        });
    }
}
