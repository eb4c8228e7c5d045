using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// The structures that were evaluated with the weights of a checkpoint, in a file beside it: a search that is stopped while it chooses goes on
/// where it was.
/// </summary>
/// <param name="path">The file; null for none.</param>
/// <param name="weights">Digest of the weights; a file of others is replaced.</param>
/// <param name="interval">Least time between two writings.</param>
/// <param name="log">Where it is told that the file cannot be written.</param>
internal sealed class StructureLog(string? path, string weights, TimeSpan interval, RunLog log)
{
    private readonly Dictionary<string, double> _accuracies = Read(path, weights);
    private readonly Stopwatch _saved = Stopwatch.StartNew();

    private sealed record Document(string Weights, Dictionary<string, double> Accuracies);

    /// <summary>Accuracy by the widths, separated by commas.</summary>
    public IReadOnlyDictionary<string, double> Accuracies => _accuracies;

    /// <summary>Adds a structure.</summary>
    public void Add(string widths, double accuracy)
    {
        _accuracies.Add(widths, accuracy);
        if (_saved.Elapsed >= interval)
            Save();
    }

    /// <summary>Writes the file.</summary>
    public void Save()
    {
        if (path is null)
            return;
        try
        {
            DurableFile.Write(path, stream => JsonSerializer.Serialize(stream, new Document(weights, _accuracies)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning($"The evaluated structures cannot be kept in '{path}': {e.Message} The search goes on.");
        }
        _saved.Restart();
    }

    private static Dictionary<string, double> Read(string? path, string weights)
    {
        if (path is null || !File.Exists(path))
            return [];
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<Document>(file) is { Accuracies: not null } there && there.Weights == weights ? there.Accuracies : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
