using Microsoft.ML.Dmcp.Budgets;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>One line that says where a run stands, for the console and for ML.NET's log.</summary>
internal static class ProgressText
{
    /// <summary>Phase, epoch, losses, accuracies, costs, speed and time left.</summary>
    public static string Of(TrainingProgress p)
    {
        var batch = p.EndsEpoch ? "" : Text($" {100L * p.Batch / p.Batches,2} %");
        var left = Text($"{(long)p.TimeLeft.TotalHours}:{p.TimeLeft:mm\\:ss} left");
        if (p.Phase == TrainingPhase.Choose)
            return Text($"{NameOf(p.Phase),-8} structure {p.Batch} of {p.Batches}{batch}  best accuracy {100 * p.Accuracy:0.0} %  {left}");
        var cost = string.Concat(p.Costs.Select(c => Text($"  expected {c.Expected:0.00} of {c.Target:0.00} {c.Metric.Unit()}")));
        var validation = p.ValidationAccuracy is { } v ? Text($"  validation {100 * v:0.0} %") : "";
        return Text($"{NameOf(p.Phase),-8} epoch {p.Epoch,2}/{p.Epochs}{batch}  loss {p.Loss:0.000}") +
            Text($"  accuracy {100 * p.Accuracy:0.0} %{validation}{cost}") +
            Text($"  {p.ImagesPerSecond:0} images/s  {left}");
    }

    private static string NameOf(TrainingPhase phase) => phase switch
    {
        TrainingPhase.WarmUp => "warm up",
        TrainingPhase.Search => "search",
        TrainingPhase.Choose => "choose",
        _ => "train",
    };

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
