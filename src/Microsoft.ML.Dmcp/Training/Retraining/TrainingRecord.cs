namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>What a training was told and what it reported.</summary>
/// <param name="Settings">Its options as text, by name.</param>
/// <param name="Epochs">The last report of every epoch.</param>
internal sealed record TrainingRecord(IReadOnlyDictionary<string, string> Settings, IReadOnlyList<TrainingProgress> Epochs);
