namespace Microsoft.ML.Dmcp.Data.Augmentation;

/// <summary>Random changes of training images; none is made at prediction.</summary>
/// <param name="HorizontalFlip">Whether every other image is mirrored.</param>
/// <param name="CropPadding">
/// Pixels of black around the image, out of which a random window of the original size is cut; 0 for none.
/// </param>
/// <param name="ResizedCrop">Whether a window of random size and shape is cut out and resized to the image's size.</param>
/// <param name="Jitter">How far colours are changed; null for not at all.</param>
internal sealed record AugmentationPlan(bool HorizontalFlip, int CropPadding, bool ResizedCrop = false, ColorJitter? Jitter = null)
{
    public static readonly AugmentationPlan None = new(false, 0);
}
