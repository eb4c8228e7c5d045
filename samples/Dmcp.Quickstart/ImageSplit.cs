using Microsoft.ML.Dmcp.Data;

namespace Dmcp.Quickstart;

/// <summary>Training and held-out images of every class: the last of each class, by name, are held out.</summary>
internal sealed record ImageSplit(IReadOnlyList<ImageFile> Training, IReadOnlyList<ImageFile> HeldOut)
{
    public static ImageSplit Of(IReadOnlyList<ImageFile> files, int perClass, int heldOut)
    {
        var (training, test) = (new List<ImageFile>(), new List<ImageFile>());
        foreach (var images in files.GroupBy(f => f.Label).Select(g => g.ToArray()))
        {
            if (images.Length < heldOut + 2)
                throw new InvalidDataException($"Class '{images[0].Label}' has {images.Length} images; with {heldOut} held out (--held-out) it needs at least {heldOut + 2}.");
            training.AddRange(images.Take(Math.Min(perClass, images.Length - heldOut)));
            test.AddRange(images.TakeLast(heldOut));
        }
        return new ImageSplit(training, test);
    }
}
