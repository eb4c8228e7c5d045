namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>Models that lines name.</summary>
internal static class ModelFile
{
    /// <summary>Loads a model.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It is no model.</exception>
    public static ITransformer Load(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no model '{path}'.", path);
        try
        {
            return ml.Model.Load(path, out _);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"'{path}' is no model of ML.NET, or a damaged one: {e.Message}", e);
        }
    }
}
