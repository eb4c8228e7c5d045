using System.IO.Compression;

namespace Dmcp.AutoML.Images;

/// <summary>
/// Unpacks a zip of images in one folder a class. Nothing in it is trusted: names only tell the class, files get names of their own, sizes
/// are counted while they are unpacked, and what is no image is left out.
/// </summary>
/// <param name="mostBytes">What all of it may unpack to.</param>
internal sealed class ImageArchive(long mostBytes)
{
    private const int MostEntries = 200_000;
    private const int MostBytesOfImage = 50_000_000;
    private const int LongestClassName = 100;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"];

    /// <summary>Unpacks into a folder, which holds one folder a class afterwards.</summary>
    /// <param name="zip">The archive, which can seek.</param>
    /// <param name="folder">An empty folder.</param>
    /// <returns>How many images each class has, and how many files were left out.</returns>
    /// <exception cref="UploadException">It is no archive, too large, or holds fewer than two classes.</exception>
    public (SortedDictionary<string, int> Classes, int LeftOut) Unpack(Stream zip, string folder)
    {
        var classes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var leftOut = 0;
        long unpacked = 0;
        try
        {
            using var archive = new ZipArchive(zip, ZipArchiveMode.Read);
            if (archive.Entries.Count > MostEntries)
                throw new UploadException($"The zip has {archive.Entries.Count} files; at most {MostEntries} are unpacked.");
            foreach (var entry in archive.Entries.Where(e => !e.FullName.EndsWith('/')))
            {
                if (ClassOf(entry.FullName) is not { } name)
                {
                    leftOut++;
                    continue;
                }
                var bytes = Read(entry, ref unpacked);
                if (!ImageProbe.IsImage(bytes))
                {
                    leftOut++;
                    continue;
                }
                var number = classes[name] = classes.GetValueOrDefault(name) + 1;
                Directory.CreateDirectory(Path.Combine(folder, name));
                var extension = Path.GetExtension(entry.FullName).ToLowerInvariant();
                File.WriteAllBytes(Path.Combine(folder, name, $"{number:00000}{extension}"), bytes);
            }
        }
        catch (InvalidDataException e)
        {
            throw new UploadException($"The file is no zip archive, or a damaged one: {e.Message}");
        }
        return classes.Count >= 2 ? (classes, leftOut) : throw new UploadException(
            $"The zip holds images of {classes.Count} classes; needed are two or more, each in a folder of its name: " +
            $"cat/1.jpg, dog/1.jpg. {leftOut} files were left out, which are no images or lie in no folder.");
    }

    /// <summary>The folder that a file lies in, if it may name a class; null for what is left out.</summary>
    private static string? ClassOf(string path)
    {
        var parts = path.Replace('\\', '/').Split('/');
        if (parts.Length < 2 || parts.Any(p => p is "" or "." or ".." || p.StartsWith('.') || p == "__MACOSX")
            || !Extensions.Contains(Path.GetExtension(parts[^1]), StringComparer.OrdinalIgnoreCase))
            return null;
        var name = parts[^2];
        return name.Length <= LongestClassName && !name.Any(c => char.IsControl(c) || c is ':' or '*' or '?' or '"' or '<' or '>' or '|')
            ? name : null;
    }

    /// <summary>The bytes of a file, counted as they come: what an archive says of their number may be a lie.</summary>
    private byte[] Read(ZipArchiveEntry entry, ref long unpacked)
    {
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            unpacked += count;
            if (bytes.Length + count > MostBytesOfImage)
                throw new UploadException($"'{Short(entry.FullName)}' in the zip unpacks to more than {MostBytesOfImage / 1_000_000} MB.");
            if (unpacked > mostBytes)
                throw new UploadException($"The zip unpacks to more than {mostBytes / 1_000_000} MB: take fewer or smaller images.");
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    private static string Short(string name) => name.Length > 60 ? $"{name[..60]}..." : name;
}
