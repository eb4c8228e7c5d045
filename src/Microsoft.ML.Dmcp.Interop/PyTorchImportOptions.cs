namespace Microsoft.ML.Dmcp;

/// <summary>What a state dict does not say about its network.</summary>
public sealed class PyTorchImportOptions
{
    /// <summary>Height of the images that the weights are for. Default 224; matters to VGG's networks only.</summary>
    public int ImageHeight = 224;

    /// <summary>Width of the images that the weights are for. Default 224; matters to VGG's networks only.</summary>
    public int ImageWidth = 224;

    /// <summary>
    /// Mean of every colour that the network was trained with, red first, in the units of pixels (0 to 255 for images). Default
    /// ImageNet's, as torchvision's weights want it: 0.485, 0.456, 0.406 times 255. Null for that of the training images.
    /// </summary>
    public IReadOnlyList<float>? PixelMean = [123.675f, 116.28f, 103.53f];

    /// <summary>
    /// Deviation of every colour, likewise. Default ImageNet's: 0.229, 0.224, 0.225 times 255. Null for that of the training images.
    /// </summary>
    public IReadOnlyList<float>? PixelDeviation = [58.395f, 57.12f, 57.375f];

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(ImageHeight is >= 1 and <= 1 << 16, nameof(ImageHeight), ImageHeight, "1 to 65536");
        Require(ImageWidth is >= 1 and <= 1 << 16, nameof(ImageWidth), ImageWidth, "1 to 65536");
        Require(PixelMean?.Count == PixelDeviation?.Count,
            nameof(PixelDeviation), Text(PixelDeviation), "as many numbers as PixelMean, or null for both");
        Require(PixelMean is null || PixelMean.All(float.IsFinite), nameof(PixelMean), Text(PixelMean), "finite numbers, one a colour");
        Require(PixelDeviation is null || PixelDeviation.All(d => d > 0 && float.IsFinite(d)),
            nameof(PixelDeviation), Text(PixelDeviation), "positive numbers, one a colour");

        static string Text(IReadOnlyList<float>? numbers) =>
            numbers is null ? "null" : string.Join(", ", numbers.Select(n => FormattableString.Invariant($"{n}")));

        static void Require(bool condition, string name, object? value, string needed)
        {
            if (!condition)
                throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; needed: {needed}.");
        }
    }
}
