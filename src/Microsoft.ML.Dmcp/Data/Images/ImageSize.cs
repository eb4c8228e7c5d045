namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>The size that all images of a column must have.</summary>
/// <param name="column">Name of the column.</param>
/// <param name="shape">The size; null to take that of the first image.</param>
internal sealed class ImageSize(string column, ImageShape? shape)
{
    // Sides of the images that networks are made for.
    private static readonly int[] UsualSides = [32, 64, 96, 128, 160, 192, 224];

    private readonly bool _isGiven = shape is not null;

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
        Shape ??= image.Shape;
        if ((Shape.Channels, Shape.Height, Shape.Width) != (image.Shape.Channels, image.Shape.Height, image.Shape.Width))
            throw new InvalidOperationException(
                $"The image{(image.File is null ? "" : $" '{image.File}'")} in column '{column}' is {image.Shape} pixels; " +
                $"needed is {Shape}, as all images of one network. {Remedy(Shape)}");
    }

    private string Remedy(ImageShape needed)
    {
        // A small square was chosen by somebody; a photo's size was not.
        if (_isGiven || (needed.Width == needed.Height && needed.Width <= UsualSides[^1]))
            return $"Put mlContext.Transforms.ResizeImages(\"{column}\", {needed.Width}, {needed.Height}) before.";
        var side = UsualSides.MinBy(side => Math.Abs(side - Math.Sqrt((double)needed.Width * needed.Height)));
        return $"Give all images one size: put, for example, mlContext.Transforms.ResizeImages(\"{column}\", {side}, {side}) before.";
    }
}
