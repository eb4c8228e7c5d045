using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>Training and held-out images of every class: the last of each class, by name, are held out.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="HeldOut">What accuracy is measured on.</param>
public sealed record ImageSplit(IReadOnlyList<ImageFile> Training, IReadOnlyList<ImageFile> HeldOut)
{
    /// <summary>Splits the images of every class.</summary>
    /// <param name="files">All images.</param>
    /// <param name="perClass">Training images of a class at most.</param>
    /// <param name="heldOut">Held-out images of a class.</param>
    /// <exception cref="InvalidDataException">A class has too few images; the message names it.</exception>
    public static ImageSplit Of(IReadOnlyList<ImageFile> files, int perClass, int heldOut)
    {
        var (training, test) = (new List<ImageFile>(), new List<ImageFile>());
        foreach (var images in files.GroupBy(f => f.Label).Select(g => g.ToArray()))
        {
            if (images.Length < heldOut + 2)
                throw new InvalidDataException($"Class '{images[0].Label}' has {images.Length} images; "
                    + $"with {heldOut} held out (--held-out) it needs at least {heldOut + 2}.");
            training.AddRange(images.Take(Math.Min(perClass, images.Length - heldOut)));
            test.AddRange(images.TakeLast(heldOut));
        }
        return new ImageSplit(training, test);
    }
}
