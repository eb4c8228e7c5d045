namespace Microsoft.ML.Dmcp;

/// <summary>
/// Images in one folder a class: <c>root/class/*.jpg</c>, <c>*.jpeg</c>, <c>*.png</c>, <c>*.bmp</c>, <c>*.gif</c>, <c>*.webp</c>; the
/// folder's name is the label.
/// </summary>
public static class ImageFolder
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    /// <summary>Lists the images, sorted by class and name, so that the order is the same everywhere. Nothing is decoded.</summary>
    /// <param name="root">The folder that holds the class folders.</param>
    /// <param name="leftOut">Gets what is not listed: files of other types, and folders in class folders; null to ignore it.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">It has fewer than two class folders, or one without images; the message names it.</exception>
    public static IReadOnlyList<ImageFile> List(string root, Action<string>? leftOut = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        if (!Directory.Exists(root))
            throw new DirectoryNotFoundException(
                $"There is no folder '{root}'. Needed is a folder with one folder a class, each with .jpg or .png images.");
        var classes = Directory.GetDirectories(root)
            .Where(d => !Path.GetFileName(d).StartsWith('.'))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (classes.Length < 2)
            throw new InvalidDataException($"Folder '{root}' holds " +
                (classes.Length == 0 ? "no class folders" : $"one class folder, '{Path.GetFileName(classes[0])}'") +
                "; needed are two or more, each named for its class and holding its images: root/cat/1.jpg, root/dog/1.jpg.");
        var files = new List<ImageFile>();
        foreach (var folder in classes)
        {
            var label = Path.GetFileName(folder);
            var images = Directory.GetFiles(folder).Where(IsImage).Order(StringComparer.Ordinal).ToArray();
            if (leftOut is not null)
            {
                var others = Directory.GetFileSystemEntries(folder).Where(e => Directory.Exists(e) || !IsImage(e));
                foreach (var other in others.Order(StringComparer.Ordinal))
                    leftOut(other);
            }
            if (images.Length == 0)
                throw new InvalidDataException(
                    $"Class folder '{folder}' holds no images ({string.Join(", ", Extensions)}); add some or remove the folder.");
            files.AddRange(images.Select(path => new ImageFile { ImagePath = path, Label = label }));
        }
        return files;
    }

    private static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
