using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>
/// Images of a folder: ImageNet's <c>train/</c> and <c>val/</c>, or one folder a class, of which every fifth image is held out.
/// </summary>
/// <param name="Training">Images to train on.</param>
/// <param name="Validation">Images to measure on.</param>
internal sealed record ReleaseImages(IReadOnlyList<ImageFile> Training, IReadOnlyList<ImageFile> Validation)
{
    private const int HeldOut = 5;

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; } = [.. Training.Select(i => i.Label).Distinct()];

    /// <summary>Lists the images of a folder.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="console">Is told what is left out, and what is held out.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has no such images; the message names the folder.</exception>
    public static ReleaseImages List(string root, ToolConsole console)
    {
        var leftOut = new List<string>();
        var (train, validation) = (Path.Combine(root, "train"), Path.Combine(root, "val"));
        if (HasClasses(train) != HasClasses(validation))
            throw new InvalidDataException(
                $"'{root}' has folders of classes in only one of 'train' and 'val'; needed are both, or one folder a class.");
        var images = HasClasses(train)
            ? new ReleaseImages(ImageFolder.List(train, leftOut.Add), ImageFolder.List(validation, leftOut.Add))
            : Split(root, ImageFolder.List(root, leftOut.Add), console);
        if (leftOut.Count > 0)
            console.Warn($"{leftOut.Count} files are no images and left out, the first of them '{leftOut[0]}'.");
        if (images.Validation.FirstOrDefault(i => !images.Classes.Contains(i.Label)) is { } stranger)
            throw new InvalidDataException($"'{stranger.ImagePath}' is of class '{stranger.Label}', which '{train}' does not have.");
        return images;
    }

    /// <summary>Makes sure that the images fit the config.</summary>
    /// <exception cref="FormatException">The config is for another number of classes.</exception>
    public void Check(ReleaseConfig config)
    {
        if (Classes.Count != config.Classes)
            throw config.NumberOfClasses.Problem($"is {config.Classes}; the images have {Classes.Count} classes: "
                + $"{string.Join(", ", Classes.Take(5))}{(Classes.Count > 5 ? " and others" : "")}. "
                + $"Give --set {config.NumberOfClasses.Name}={Classes.Count}.");
    }

    // A class may be called "train".
    private static bool HasClasses(string folder) => Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Any();

    private static ReleaseImages Split(string root, IReadOnlyList<ImageFile> all, ToolConsole console)
    {
        console.Note($"'{root}' has no folders 'train' and 'val': every fifth image of a class is held out to measure on.");
        var byClass = all.GroupBy(i => i.Label).ToArray();
        if (byClass.FirstOrDefault(c => c.Count() < 2) is { } single)
            throw new InvalidDataException(
                $"Class folder '{Path.Combine(root, single.Key)}' holds one image; needed are two, one to measure on.");
        // The last of each five, and one at least.
        return new ReleaseImages(
            [.. byClass.SelectMany(c => c.Where((_, i) => !IsHeldOut(i, c.Count())))],
            [.. byClass.SelectMany(c => c.Where((_, i) => IsHeldOut(i, c.Count())))]);
    }

    private static bool IsHeldOut(int index, int count) => count < HeldOut ? index == count - 1 : index % HeldOut == HeldOut - 1;
}
