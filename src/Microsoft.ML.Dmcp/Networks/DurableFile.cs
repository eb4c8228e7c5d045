namespace Microsoft.ML.Dmcp.Networks;

/// <summary>Writes files so that a kill or a full disk never leaves half of one: temporary name, flush to disk, rename.</summary>
internal static class DurableFile
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>Writes a file, whole or not at all. The folder is made if missing.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // Left behind by processes that were killed while they wrote.
        foreach (var old in folder.EnumerateFiles($"{Path.GetFileName(target)}.*.tmp").Where(f => f.LastWriteTimeUtc < DateTime.UtcNow - Abandoned))
            old.Delete();
        var temporary = TemporaryName(target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Makes sure that a file can be written, before there is anything to write.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    public static void RequireWritable(string path)
    {
        var target = Path.GetFullPath(path);
        if (Directory.Exists(target))
            throw new IOException($"'{target}' is a folder.");
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        new FileStream(TemporaryName(target), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
    }

    private static string TemporaryName(string target) => $"{target}.{Guid.NewGuid():N}.tmp";
}
