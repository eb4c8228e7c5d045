namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>Files that are there whole or not at all, so that an end in the middle leaves no half of a result.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file under a temporary name and renames it; its folder is made if missing.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="write">Writes to the path that it gets.</param>
    public static void Write(string path, Action<string> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
