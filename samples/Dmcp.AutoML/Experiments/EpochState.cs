using Microsoft.ML.Dmcp;

namespace Dmcp.AutoML.Experiments;

/// <summary>A point of a trial's curves.</summary>
internal sealed record EpochState(string Phase, int Epoch, double? Loss, double? Accuracy, double? Validation)
{
    public static EpochState Of(DmcpEpoch epoch) =>
        new(epoch.Phase.ToString(), epoch.Epoch, Finite(epoch.Loss), Finite(epoch.Accuracy), epoch.ValidationAccuracy);

    // JSON has no other numbers.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
