using System.Globalization;

namespace Dmcp.Samples.Shared;

/// <summary>
/// The demo data set: small colour images of one drawn shape each, in clutter and noise, made by code so that nothing need be downloaded.
/// </summary>
/// <remarks>
/// <para>Position, size, rotation, stretch, colours, pen, clutter and noise are drawn at random, so colours and single pixels say almost
/// nothing about the class. Mirrored images keep their class: flips are a fair augmentation.</para>
/// <para>An image depends on its class, seed and index alone, and the drawing uses no operation that IEEE 754 leaves open, so
/// every machine draws the same bytes. Different seeds give different images: take one seed for training, another for testing.</para>
/// <para>Hard enough that width matters. Trained for 12 epochs on 200 images of each class, a CIFAR ResNet-20 gets about 87 % of new
/// images right, one of 0.7 times its width (half the FLOPs) 84 %, of half its width 80 %, of a quarter 50 %; a linear model 12 %.</para>
/// </remarks>
public static class DrawnShapes
{
    /// <summary>Width and height of every image, in pixels.</summary>
    public const int Size = 32;

    /// <summary>The names of the classes, in the order of their indices (which is alphabetical).</summary>
    public static IReadOnlyList<string> ClassNames { get; } = [.. ShapeClass.All.Select(shape => shape.Name)];

    /// <summary>Draws one image.</summary>
    /// <param name="classIndex">The class, an index into <see cref="ClassNames"/>.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <param name="index">Which image of the class.</param>
    /// <returns>The image; the same one for the same three numbers.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classIndex"/> is no index into <see cref="ClassNames"/>.</exception>
    public static DrawnImage Draw(int classIndex, int seed, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, ShapeClass.All.Count);

        var shape = ShapeClass.All[classIndex];
        var canvas = Scene.Draw(shape.Outline, new SplitMix64(seed, classIndex, index));
        return new DrawnImage(shape.Name, canvas.ToPixels());
    }

    /// <summary>Draws a balanced data set.</summary>
    /// <param name="perClass">How many images of each class.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <returns><paramref name="perClass"/> images of each class; the classes take turns.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perClass"/> is negative.</exception>
    public static IReadOnlyList<DrawnImage> Create(int perClass, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perClass);

        var images = new List<DrawnImage>(perClass * ClassNames.Count);
        for (var index = 0; index < perClass; index++)
        {
            for (var classIndex = 0; classIndex < ClassNames.Count; classIndex++)
            {
                images.Add(Draw(classIndex, seed, index));
            }
        }

        return images;
    }

    /// <summary>Writes the images of <see cref="Create"/> as PNG files, one folder per class: <c>root/heart/0001.png</c>.</summary>
    /// <param name="root">The folder to write to, made if it is missing; files of the same names are overwritten, others are left.</param>
    /// <param name="perClass">How many images of each class.</param>
    /// <param name="seed">The seed of the data set.</param>
    /// <exception cref="ArgumentException"><paramref name="root"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perClass"/> is negative.</exception>
    public static void WriteFolder(string root, int perClass, int seed)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        ArgumentOutOfRangeException.ThrowIfNegative(perClass);

        for (var classIndex = 0; classIndex < ClassNames.Count; classIndex++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, ClassNames[classIndex])).FullName;
            for (var index = 0; index < perClass; index++)
            {
                var name = (index + 1).ToString("D4", CultureInfo.InvariantCulture) + ".png";
                PngFile.Write(Path.Combine(folder, name), Draw(classIndex, seed, index).Pixels, Size, Size);
            }
        }
    }
}
