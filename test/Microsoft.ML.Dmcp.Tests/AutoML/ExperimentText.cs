using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>All that an experiment found as text, without the times: two runs that found the same have the same.</summary>
internal static class ExperimentText
{
    public static string Of(DmcpExperimentResult result) =>
        string.Join('\n', result.SharedWeights.Concat(result.RunDetails).OrderBy(t => t.Number).Select(Of));

    private static string Of(DmcpTrial trial) => string.Join('\n', trial.Epochs.Select(e => e.ToString()).Prepend(string.Create(
        CultureInfo.InvariantCulture,
        $"{trial.Number} {trial.TrainerName} from {trial.Neighbour}: {trial.State} {trial.Reason} {trial.Cost} " +
        $"{trial.ChannelConfig?.ToJson()} {trial.ValidationMetrics?.MicroAccuracy:R} {trial.ValidationMetrics?.LogLoss:R}")));
}
