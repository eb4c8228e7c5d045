namespace Dmcp.Experiments;

/// <summary>Text files that are there whole or not at all, so that a kill in the middle leaves no half of a result.</summary>
internal static class WholeFile
{
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
