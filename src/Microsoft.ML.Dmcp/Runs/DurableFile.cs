using System.Runtime.InteropServices;

namespace Microsoft.ML.Dmcp.Runs;

/// <summary>
/// Writes files so that a kill or a full disk never leaves half of one: temporary name, flush to disk, rename, flush of the folder.
/// </summary>
internal static class DurableFile
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1);

    /// <summary>
    /// Writes a file, whole or not at all. The folder is made if missing; a link is followed, and permissions of a file that is there stay.
    /// </summary>
    /// <exception cref="IOException">It cannot be written; what it held before is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var target = TargetOf(path);
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        DeleteAbandoned(folder, Path.GetFileName(target));
        var temporary = TemporaryName(target);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(target))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            File.Move(temporary, target, overwrite: true);
            Flush(folder);
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
        var target = TargetOf(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        new FileStream(TemporaryName(target), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>Whether there is a file to read; a link to a file that is not there yet is none.</summary>
    public static bool Exists(string path) => File.Exists(path) && File.Exists(Linked(path));

    /// <summary>The file itself, where the path is a link to it.</summary>
    public static string Linked(string path)
    {
        var link = new FileInfo(path);
        return link.LinkTarget is not null && link.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? target.FullName
            : link.FullName;
    }

    private static string TargetOf(string path)
    {
        var target = Linked(path);
        return Directory.Exists(target) ? throw new IOException($"'{target}' is a folder.") : target;
    }

    // Left behind by processes that were killed while they wrote. Those of others may not be deleted here: that is no reason to fail.
    private static void DeleteAbandoned(DirectoryInfo folder, string name)
    {
        try
        {
            foreach (var old in folder.EnumerateFiles().Where(IsAbandoned))
                old.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        bool IsAbandoned(FileInfo file) => IsTemporary(file.Name, name) && file.LastWriteTimeUtc < DateTime.UtcNow - Abandoned;
    }

    private static bool IsTemporary(string file, string name) =>
        file.StartsWith(name + ".", StringComparison.Ordinal) && file.EndsWith(".tmp", StringComparison.Ordinal)
        && file.Length == name.Length + 37
        && file.AsSpan(name.Length + 1, 32).IndexOfAnyExcept("0123456789abcdef") < 0;

    private static string TemporaryName(string target) => $"{target}.{Guid.NewGuid():N}.tmp";

    /// <summary>Without it a power cut may bring back the file that was there before.</summary>
    private static void Flush(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var handle = Open(folder.FullName, 0);
        if (handle < 0)
            return;
        _ = Synchronize(handle);
        _ = Close(handle);
    }

    [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Synchronize(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
