using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>What a search works on.</summary>
/// <param name="Network">The unpruned network.</param>
/// <param name="Images">Labelled images; decide where the search computes.</param>
/// <param name="Seed">Seed of all randomness.</param>
/// <param name="Log">Gets progress, and cancels the search.</param>
internal sealed record SearchTask(NetworkDescription Network, ImageBatches Images, int Seed, RunLog Log)
{
    /// <summary>All images, where <see cref="Images"/> are only a part of them.</summary>
    public ImageSet AllImages { get; init; } = Images.Set;

    /// <summary>Whether <see cref="Images"/> are only a part.</summary>
    public bool IsSplit => AllImages != Images.Set;

    /// <summary>The task with a share of the images put aside.</summary>
    /// <param name="share">In (0, 1).</param>
    /// <param name="option">The option that the share comes from.</param>
    /// <exception cref="InvalidOperationException">The share is too small for a single image.</exception>
    public (SearchTask Task, ImageBatches Aside) Split(double share, string option)
    {
        var (rest, aside) = AllImages.Split(share, new RandomSource(Seed).Fork("split"), option);
        return (this with { Images = Images with { Set = rest } }, Images with { Set = aside });
    }
}
