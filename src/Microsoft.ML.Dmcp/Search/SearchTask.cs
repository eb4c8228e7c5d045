using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>What a search works on.</summary>
/// <param name="Network">The unpruned network.</param>
/// <param name="Set">Labelled images.</param>
/// <param name="Batches">Makes tensors of them; decides where the search runs.</param>
/// <param name="Seed">Seed of all randomness.</param>
/// <param name="Log">Where progress is told.</param>
internal sealed record SearchTask(NetworkDescription Network, ImageSet Set, BatchSource Batches, int Seed, RunLog Log)
{
    /// <summary>All images, where <see cref="Set"/> is only a part of them.</summary>
    public ImageSet AllImages { get; init; } = Set;
}
