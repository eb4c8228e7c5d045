namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>How a vector column holds an image.</summary>
/// <param name="Layout">Order of the elements.</param>
/// <param name="Channels">Colours.</param>
/// <param name="Height">Height in pixels; 0 for square images, whose side follows from the vector's length.</param>
/// <param name="Width">Width in pixels; 0 likewise.</param>
internal sealed record VectorImage(PixelLayout Layout, int Channels, int Height, int Width)
{
    /// <summary>Size of an image in a vector of so many elements; null when they do not make one.</summary>
    public ImageShape? ShapeOf(int elements, bool isFloat)
    {
        var side = (int)Math.Round(Math.Sqrt((double)elements / Channels));
        var (height, width) = (Height > 0 ? Height : side, Width > 0 ? Width : side);
        return elements > 0 && (long)Channels * height * width == elements ? new ImageShape(Channels, height, width, isFloat) : null;
    }
}
