using Microsoft.ML.Dmcp;

namespace Dmcp.AutoML.Experiments;

/// <summary>A trial as the page shows it.</summary>
internal sealed record TrialState
{
    public required int Number { get; init; }

    public required string What { get; init; }

    public required string Method { get; init; }

    public required double? Budget { get; init; }

    public required string State { get; init; }

    public required string? Reason { get; init; }

    public required double? Cost { get; init; }

    public required double? FullCost { get; init; }

    public required long? Parameters { get; init; }

    public required DmcpTrialMetrics? Metrics { get; init; }

    public required string? Progress { get; init; }

    public required double Seconds { get; init; }

    public required bool OnFront { get; init; }

    public required bool IsBest { get; init; }

    public required IReadOnlyList<EpochState> Epochs { get; init; }

    public required IReadOnlyList<WidthState> Widths { get; init; }

    public static TrialState Of(DmcpTrial trial, DmcpExperimentResult result) => new()
    {
        Number = trial.Number,
        What = trial.Budget is null ? "Shared weights" : $"{NameOf(trial.Method)} at {trial.Budget}",
        Method = trial.Method.ToString(),
        Budget = trial.Budget?.Limits[0].Amount,
        State = trial.State.ToString(),
        Reason = trial.Reason,
        Cost = trial.Cost,
        FullCost = trial.ChannelConfig?.UnprunedFlops * 1e-6,
        Parameters = trial.ChannelConfig?.Parameters,
        Metrics = trial.ValidationMetrics,
        Progress = trial.State == DmcpTrialState.Running ? trial.Progress?.ToString() : null,
        Seconds = trial.RuntimeInSeconds,
        OnFront = result.ParetoFront.Any(t => t.Number == trial.Number),
        IsBest = result.BestRun?.Number == trial.Number,
        Epochs = trial.Epochs.Select(EpochState.Of).ToArray(),
        Widths = trial.ChannelConfig?.Groups.Select(g => new WidthState(g.Name, g.Width, g.Channels)).ToArray() ?? [],
    };

    private static string NameOf(DmcpTrialMethod method) => method == DmcpTrialMethod.Dmcp ? "DMCP" : "Uniform widths";
}
