using System.Text.Json;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>The last report of every epoch of a run, kept in its checkpoint.</summary>
internal sealed class EpochHistory
{
    private const int LongestText = 16 << 20;

    private readonly List<TrainingProgress> _epochs = [];

    /// <summary>The reports, in the order of the run.</summary>
    public IReadOnlyList<TrainingProgress> Epochs => _epochs;

    /// <summary>A metrics callback.</summary>
    public void Record(TrainingProgress progress)
    {
        if (_epochs is [.., var last] && (last.Phase, last.Epoch) == (progress.Phase, progress.Epoch))
            _epochs.RemoveAt(_epochs.Count - 1);
        // Times differ from run to run, and with them would the checkpoints.
        _epochs.Add(progress with { ImagesPerSecond = 0, TimeLeft = TimeSpan.Zero });
    }

    public void Save(BinaryWriter writer) =>
        writer.Write(JsonSerializer.Serialize([.. _epochs], ProgressJson.Default.TrainingProgressArray));

    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="JsonException">It is no JSON, or of other properties.</exception>
    public void Load(BinaryReader reader)
    {
        var epochs = JsonSerializer.Deserialize(reader.ReadText(LongestText), ProgressJson.Default.TrainingProgressArray);
        if (epochs is null || epochs.Any(e => e is null || e.Costs is null || e.Costs.Any(c => c is null)))
            throw new FormatException("its history has no epochs.");
        _epochs.Clear();
        _epochs.AddRange(epochs);
    }
}
