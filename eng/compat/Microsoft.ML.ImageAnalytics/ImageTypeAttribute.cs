using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Image;

/// <summary>Says of a member of a row class that it is an image, and of what size.</summary>
public sealed class ImageTypeAttribute : DataViewTypeAttribute
{
    /// <summary>An image of any size. As in ML.NET 5.0.0, registering it throws: name a size.</summary>
    public ImageTypeAttribute()
    {
    }

    /// <summary>An image of the size given.</summary>
    public ImageTypeAttribute(int height, int width)
    {
        Contracts.CheckParam(width > 0, nameof(width), "Should be positive number");
        Contracts.CheckParam(height > 0, nameof(height), "Should be positive number");
        Height = height;
        Width = width;
    }

    internal int Height { get; }

    internal int Width { get; }

    /// <inheritdoc />
    public override bool Equals(DataViewTypeAttribute other) =>
        other is ImageTypeAttribute image && Height == image.Height && Width == image.Width;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Height, Width);

    /// <inheritdoc />
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(Height, Width), typeof(MLImage), this);
}
