namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>Size of the images: they are kept as [Height, Width, Channels], each element a byte or a float.</summary>
/// <param name="Channels">Colours.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="IsFloat">Whether an element is a float (a vector column of floats) rather than a byte.</param>
internal sealed record ImageShape(int Channels, int Height, int Width, bool IsFloat)
{
    public int PixelBytes => Channels * (IsFloat ? sizeof(float) : sizeof(byte));

    public int RowBytes => Width * PixelBytes;

    public int Bytes => Height * RowBytes;

    public override string ToString() => $"{Width}x{Height}";
}
