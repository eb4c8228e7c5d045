namespace Microsoft.ML.Dmcp.Data;

/// <summary>Random changes of training images; none is made at prediction.</summary>
/// <param name="HorizontalFlip">Whether every other image is mirrored.</param>
/// <param name="CropPadding">Pixels of black around the image, out of which a random window of the original size is cut; 0 for none.</param>
internal sealed record Augmentation(bool HorizontalFlip, int CropPadding)
{
    public static readonly Augmentation None = new(false, 0);
}
