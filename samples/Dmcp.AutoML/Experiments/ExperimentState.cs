namespace Dmcp.AutoML.Experiments;

/// <summary>An experiment as the page shows it.</summary>
internal sealed record ExperimentState(
    string Id, string Name, string Status, string? Message, double? SecondsLeft, ExperimentRequest Request,
    IReadOnlyList<TrialState> Trials);
