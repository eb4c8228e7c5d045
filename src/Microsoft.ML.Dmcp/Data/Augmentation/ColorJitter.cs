namespace Microsoft.ML.Dmcp;

/// <summary>How far the colours of a training image are changed at random, as torchvision's transform of this name does.</summary>
/// <param name="Brightness">All pixels are multiplied by a factor in [1 − b, 1 + b].</param>
/// <param name="Contrast">Their distance from the image's mean grey is, by one in [1 − c, 1 + c].</param>
/// <param name="Saturation">Their distance from their own grey is, by one in [1 − s, 1 + s].</param>
/// <param name="Hue">The hue is turned by a share of the circle in [−h, h]; h at most 0.5.</param>
public sealed record ColorJitter(double Brightness = 0, double Contrast = 0, double Saturation = 0, double Hue = 0)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"({Brightness}, {Contrast}, {Saturation}, {Hue})");

    internal bool IsValid =>
        Brightness is >= 0 and <= 1 && Contrast is >= 0 and <= 1 && Saturation is >= 0 and <= 1 && Hue is >= 0 and <= 0.5;
}
