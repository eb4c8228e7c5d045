namespace Dmcp.AutoML.Experiments;

/// <summary>A point of a trial's curves.</summary>
internal sealed record EpochState(string Phase, int Epoch, double? Loss, double? Accuracy, double? Validation);
