namespace Microsoft.ML.Data;

/// <summary>Where the resized image lies on the target: beyond its borders when it is cropped, within when it is padded.</summary>
internal readonly record struct ResizePlacement(int X, int Y, int Width, int Height)
{
    public static ResizePlacement Of(PixelBuffer source, int width, int height, ImageResizeMode mode)
    {
        // In single precision and truncated, as the real one reckons: a pixel more or less would show.
        var widthAspect = (float)width / source.Width;
        var heightAspect = (float)height / source.Height;

        // The height decides the scale, and the rest of the width is padded or cut; or the other way round.
        var heightDecides = (mode == ImageResizeMode.Pad) == (heightAspect < widthAspect);
        var aspect = heightDecides ? heightAspect : widthAspect;
        var rest = heightDecides ? width - (source.Width * aspect) : height - (source.Height * aspect);
        var offset = (mode, heightDecides) switch
        {
            (ImageResizeMode.CropAnchorLeft, true) or (ImageResizeMode.CropAnchorTop, false) => 0,
            (ImageResizeMode.CropAnchorRight, true) or (ImageResizeMode.CropAnchorBottom, false) => (int)rest,
            _ => (int)(rest / 2),
        };

        return new ResizePlacement(
            heightDecides ? offset : 0, heightDecides ? 0 : offset, (int)(source.Width * aspect), (int)(source.Height * aspect));
    }
}
