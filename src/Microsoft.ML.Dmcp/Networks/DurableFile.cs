namespace Microsoft.ML.Dmcp.Networks;

/// <summary>Writes files so that a kill or a full disk never leaves half of one: temporary name, flush to disk, rename.</summary>
internal static class DurableFile
{
    /// <summary>Writes a file, whole or not at all. The folder is made if missing.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var temporary = $"{target}.{Environment.ProcessId}.tmp";
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
}
