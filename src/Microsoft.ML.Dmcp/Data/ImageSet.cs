namespace Microsoft.ML.Dmcp.Data;

/// <summary>Labelled images in memory, read once from the data view.</summary>
/// <param name="Shape">Size of every image.</param>
/// <param name="Images">The pixels of every image, as <paramref name="Shape"/> says.</param>
/// <param name="Labels">The class of every image, 0-based.</param>
/// <param name="Classes">Number of classes.</param>
internal sealed record ImageSet(ImageShape Shape, IReadOnlyList<byte[]> Images, IReadOnlyList<int> Labels, int Classes)
{
    public int Count => Images.Count;
}
