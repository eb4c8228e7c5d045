namespace Dmcp.Samples.Shared;

/// <summary>Text files that are there whole or not at all, so that a kill in the middle leaves no half of a result.</summary>
public static class WholeFile
{
    /// <summary>Writes a file; replaced if it exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="text">Its text.</param>
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
