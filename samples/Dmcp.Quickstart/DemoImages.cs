using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>The images of the demo: drawn ones or the user's, for training and held out.</summary>
internal static class DemoImages
{
    private const int DrawnTraining = 60, DrawnHeldOut = 100, MostHeldOut = 200, HeldOutShare = 5;

    public static ImageSplit Find(Settings settings, TextWriter output)
    {
        var files = ImageFolder.List(settings.Data ?? Draw(settings));
        var smallest = files.GroupBy(f => f.Label).Min(g => g.Count());
        var heldOut = settings.HeldOut ?? (settings.Data is null ? DrawnHeldOut : Math.Clamp(smallest / HeldOutShare, 1, MostHeldOut));
        var split = ImageSplit.Of(files, settings.PerClass, heldOut);
        var classes = files.Select(f => f.Label).Distinct().Count();
        var leftOut = files.Count - split.Training.Count - split.HeldOut.Count;
        output.WriteLine(
            $"{split.Training.Count} training and {split.HeldOut.Count} held-out images ({heldOut} a class), {classes} classes, "
            + $"{settings.ImageSize}x{settings.ImageSize} pixels; network {settings.Network}");
        if (leftOut > 0)
            output.WriteLine(
                $"{leftOut} of {files.Count} images are left out: a class trains on {settings.PerClass} at most (--per-class)");
        return split;
    }

    private static string Draw(Settings settings)
    {
        var folder = Path.Combine(settings.Output, "drawn-shapes");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        DrawnShapes.WriteFolder(folder, DrawnTraining + (settings.HeldOut ?? DrawnHeldOut), settings.Seed);
        return folder;
    }
}
