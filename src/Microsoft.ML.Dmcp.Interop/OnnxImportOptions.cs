namespace Microsoft.ML.Dmcp;

/// <summary>What an ONNX file does not say about its network.</summary>
public sealed class OnnxImportOptions
{
    /// <summary>Name of the architecture; that of the file when null (default).</summary>
    public string? Name;

    /// <summary>Height of the images where the file leaves it open. Default 224.</summary>
    public int ImageHeight = 224;

    /// <summary>Width of the images where the file leaves it open. Default 224.</summary>
    public int ImageWidth = 224;

    /// <summary>
    /// Mean of every colour that the network was trained with, red first, in the units of pixels (0 to 255 for images): for torchvision's
    /// networks 123.675, 116.28, 103.53. Null (default) for what the graph says, or that of the training images.
    /// </summary>
    public IReadOnlyList<float>? PixelMean;

    /// <summary>
    /// Deviation of every colour, likewise: for torchvision's networks 58.395, 57.12, 57.375. Null (default) for what the graph says.
    /// </summary>
    public IReadOnlyList<float>? PixelDeviation;

    /// <summary>
    /// The brightest pixel that the graph's input stands for: 255 (default), or 1 where pixels are divided by 255 before.
    /// </summary>
    public float BrightestPixel = 255;

    /// <summary>Whether the graph reads blue, green, red. Its first filters are turned around, so that red, green, blue is read.</summary>
    public bool IsBgr;

    /// <summary>Whether the graph ends in scores; found out when null (default). Features get a fresh classifier.</summary>
    public bool? IsClassifier;

    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(ImageHeight is >= 1 and <= 1 << 16, nameof(ImageHeight), ImageHeight, "1 to 65536");
        Require(ImageWidth is >= 1 and <= 1 << 16, nameof(ImageWidth), ImageWidth, "1 to 65536");
        Require(PixelMean is null == PixelDeviation is null,
            nameof(PixelDeviation), PixelDeviation, "given together with PixelMean, or neither");
        Require(PixelDeviation is null || PixelDeviation.All(d => d > 0 && float.IsFinite(d)),
            nameof(PixelDeviation), PixelDeviation, "positive numbers, one a colour");
        Require(BrightestPixel > 0 && float.IsFinite(BrightestPixel), nameof(BrightestPixel), BrightestPixel, "more than 0");

        static void Require(bool condition, string name, object? value, string needed)
        {
            if (!condition)
                throw new ArgumentOutOfRangeException(name, value, $"{name} is {value ?? "null"}; needed: {needed}.");
        }
    }
}
