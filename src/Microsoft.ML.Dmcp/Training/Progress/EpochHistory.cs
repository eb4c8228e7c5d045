namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>Keeps the last report of every epoch of a run.</summary>
internal sealed class EpochHistory
{
    private readonly List<TrainingProgress> _epochs = [];

    /// <summary>The reports, in the order of the run.</summary>
    public IReadOnlyList<TrainingProgress> Epochs => _epochs;

    /// <summary>A metrics callback.</summary>
    public void Record(TrainingProgress progress)
    {
        if (_epochs is [.., var last] && (last.Phase, last.Epoch) == (progress.Phase, progress.Epoch))
            _epochs.RemoveAt(_epochs.Count - 1);
        _epochs.Add(progress);
    }
}
