namespace Microsoft.ML.Dmcp;

/// <summary>A point of a trial's curves: one epoch of a training or a search.</summary>
/// <param name="Phase">What was trained.</param>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean cross entropy over the epoch.</param>
/// <param name="Accuracy">Share of the training images that were classified correctly over the epoch.</param>
/// <param name="ValidationAccuracy">Share of the validation images after the epoch; null where they were not asked.</param>
public sealed record DmcpEpoch(TrainingPhase Phase, int Epoch, double Loss, double Accuracy, double? ValidationAccuracy);
