namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>The size that all images of a column must have.</summary>
/// <param name="column">Name of the column.</param>
/// <param name="shape">The size; null to take that of the first image.</param>
internal sealed class ImageSize(string column, ImageShape? shape)
{
    /// <summary>The size, once it is known.</summary>
    public ImageShape? Shape { get; private set; } = shape;

    /// <summary>The pixels of an image of this size.</summary>
    /// <exception cref="InvalidOperationException">Its size is another.</exception>
    public byte[] PixelsOf(ReadImage image)
    {
        Check(image);
        return image.Pixels;
    }

    /// <summary>Checks that an image has this size.</summary>
    /// <exception cref="InvalidOperationException">Its size is another.</exception>
    public void Check(ReadImage image)
    {
        var (channels, height, width, _) = Shape ??= image.Shape;
        if ((channels, height, width) != (image.Shape.Channels, image.Shape.Height, image.Shape.Width))
            throw new InvalidOperationException(
                $"The image{(image.File is null ? "" : $" '{image.File}'")} in column '{column}' is {image.Shape} pixels; needed is {Shape}, as all images of one network. " +
                $"Put mlContext.Transforms.ResizeImages(\"{column}\", {width}, {height}) before.");
    }
}
