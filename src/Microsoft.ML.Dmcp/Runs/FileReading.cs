namespace Microsoft.ML.Dmcp.Runs;

/// <summary>Reads files that people name.</summary>
internal static class FileReading
{
    /// <summary>Reads a file, and names it in what is wrong with its content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="missing">What to say where there is none.</param>
    /// <param name="read">Reads the file of this path.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="FormatException">Its content is wrong.</exception>
    public static T Named<T>(string path, string missing, Func<string, T> read)
    {
        if (!DurableFile.Exists(path))
            throw new FileNotFoundException(missing, path);
        try
        {
            return read(path);
        }
        catch (FormatException e)
        {
            throw new FormatException($"File '{path}': {e.Message}", e);
        }
    }
}
