using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Training.Checkpoints;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>
/// The structures that were evaluated with the weights of a checkpoint, in a file beside it: a search that is stopped while it chooses
/// resumes where it was.
/// </summary>
/// <param name="checkpoint">The checkpoint; null to keep nothing. A file of other weights is replaced.</param>
/// <param name="interval">Least time between two writings.</param>
/// <param name="log">Gets a warning when the file cannot be written.</param>
/// <param name="ranks">The processes that search together, of which the first one has the file; null for one process.</param>
internal sealed class StructureLog(string? checkpoint, TimeSpan interval, RunLog log, Ranks? ranks = null)
{
    private readonly Dictionary<string, double> _accuracies = ranks is null ? Read(checkpoint) : OfFirst(checkpoint, ranks);
    private readonly Stopwatch _saved = Stopwatch.StartNew();

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
        if (checkpoint is null || ranks is { IsFirst: false })
            return;
        try
        {
            DurableFile.Write(FileOf(checkpoint), stream =>
            {
                var structures = new EvaluatedStructures(CheckpointFile.DigestOf(checkpoint), _accuracies);
                JsonSerializer.Serialize(stream, structures, StructureJson.Default.EvaluatedStructures);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning($"The evaluated structures cannot be kept in '{FileOf(checkpoint)}': {e.Message} The search continues.");
        }
        _saved.Restart();
    }

    /// <summary>What the first rank has in its file: all must agree on what there is to evaluate.</summary>
    private static Dictionary<string, double> OfFirst(string? checkpoint, Ranks ranks)
    {
        var read = ranks.IsFirst ? Read(checkpoint) : [];
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new EvaluatedStructures("", read), StructureJson.Default.EvaluatedStructures);
        return JsonSerializer.Deserialize(ranks.Broadcast(bytes), StructureJson.Default.EvaluatedStructures)!.Accuracies;
    }

    private static string FileOf(string checkpoint) => checkpoint + ".structures";

    private static Dictionary<string, double> Read(string? checkpoint)
    {
        if (checkpoint is null || !DurableFile.Exists(FileOf(checkpoint)))
            return [];
        try
        {
            using var file = File.OpenRead(FileOf(checkpoint));
            return JsonSerializer.Deserialize(file, StructureJson.Default.EvaluatedStructures) is { Accuracies: not null } there
                && there.Weights == CheckpointFile.DigestOf(checkpoint)
                ? there.Accuracies
                : [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            return [];
        }
    }
}
