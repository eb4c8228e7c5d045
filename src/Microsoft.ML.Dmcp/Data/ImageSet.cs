using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Data;

/// <summary>Labelled images, read once from the data view.</summary>
/// <param name="Shape">Size of every image.</param>
/// <param name="Images">The pixels of every image, as <paramref name="Shape"/> says.</param>
/// <param name="Labels">The class of every image, 0-based.</param>
/// <param name="Classes">Number of classes.</param>
internal sealed record ImageSet(ImageShape Shape, ImageStore Images, IReadOnlyList<int> Labels, int Classes)
{
    public int Count => Images.Count;

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Whether a share is enough for a single image.</summary>
    public bool CanSplit(double share) => Labels.CountBy(label => label).Any(c => CountAside(share, c.Value) > 0);

    /// <summary>
    /// Puts a share of every class aside, rounded to whole images: none of a very small class. At least one image of each stays.
    /// </summary>
    /// <param name="share">In (0, 1).</param>
    /// <param name="random">Which images.</param>
    /// <param name="option">The option that the share comes from.</param>
    /// <exception cref="InvalidOperationException">The share is too small for a single image.</exception>
    public (ImageSet Training, ImageSet Aside) Split(double share, RandomSource random, string option)
    {
        var order = random.Permutation(Count);
        var aside = order.GroupBy(i => Labels[i]).SelectMany(c => c.Take(CountAside(share, c.Count()))).ToHashSet();
        if (aside.Count == 0)
            throw new InvalidOperationException(
                FormattableString.Invariant($"A share of {share} of {Count} images puts none aside: raise {option} or add images."));
        return (Take(Enumerable.Range(0, Count).Where(i => !aside.Contains(i))), Take(aside.Order()));
    }

    /// <summary>Some of the images, drawn at random; all when there are no more.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="random">Which images.</param>
    public ImageSet Sample(int count, RandomSource random) => Count <= count ? this : Take(random.Permutation(Count).Take(count));

    private static int CountAside(double share, int ofClass) =>
        Math.Min((int)Math.Round(share * ofClass, MidpointRounding.AwayFromZero), ofClass - 1);

    private ImageSet Take(IEnumerable<int> indices)
    {
        var kept = indices.ToArray();
        return this with { Images = Images.Pick(kept), Labels = kept.Select(i => Labels[i]).ToArray() };
    }
}
