using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>Tells the user's callback and ML.NET's log where a run stands, about ten times an epoch and at least at the end of each.</summary>
internal sealed class ProgressReporter(IChannel channel, Action<TrainingProgress>? callback, int epochs, EpochPlan plan)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly int _interval = Math.Max(1, plan.Batches / 10);

    /// <summary>Whether a report is due after this many batches of the epoch.</summary>
    public bool IsDue(int batch) => batch % _interval == 0 || batch == plan.Batches;

    /// <summary>Reports; throws when the loss is no longer a number, so that no hours are lost on it.</summary>
    /// <param name="phase">What is going on.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="batch">Batches of the epoch that are done.</param>
    /// <param name="means">Loss, accuracy, and in a search architecture loss, budget loss and expected cost; NaN for none.</param>
    /// <param name="rate">Learning rate of the weights.</param>
    /// <param name="target">The budget in millions.</param>
    /// <exception cref="InvalidOperationException">A loss is infinite or no number.</exception>
    public TrainingProgress Report(TrainingPhase phase, int epoch, int batch, double[] means, double rate, double? target)
    {
        var done = (double)epoch * plan.Batches + batch;
        var left = _watch.Elapsed * ((double)epochs * plan.Batches / done - 1);
        var progress = new TrainingProgress
        {
            Phase = phase,
            Epoch = epoch + 1,
            Epochs = epochs,
            Batch = batch,
            Batches = plan.Batches,
            Loss = means[0],
            Accuracy = means[1],
            ArchitectureLoss = Value(means, 2),
            BudgetLoss = Value(means, 3),
            ExpectedCost = Value(means, 4),
            TargetCost = target,
            LearningRate = rate,
            ImagesPerSecond = done * Math.Min(plan.BatchSize, plan.Images) / _watch.Elapsed.TotalSeconds,
            TimeLeft = left,
        };
        if (!double.IsFinite(progress.Loss) || progress.ArchitectureLoss is { } a && !double.IsFinite(a) || progress.BudgetLoss is { } b && !double.IsFinite(b))
            throw new InvalidOperationException($"The loss is {progress.Loss} in epoch {progress.Epoch}, batch {batch}: the training diverged. Lower the learning rate (now {rate.ToString("0.####", CultureInfo.InvariantCulture)}), or check that the pixels are numbers.");
        callback?.Invoke(progress);
        if (progress.EndsEpoch)
            channel.Info(MessageSensitivity.None, Line(progress));
        return progress;
    }

    private static double? Value(double[] means, int index) => index < means.Length && !double.IsNaN(means[index]) ? means[index] : null;

    private static string Line(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"{p.Phase} epoch {p.Epoch}/{p.Epochs}: loss {p.Loss:0.0000}, accuracy {p.Accuracy:0.000}{(p.ExpectedCost is { } e ? $", expected {e:0.00}M of {p.TargetCost:0.00}M" : "")}, {p.ImagesPerSecond:0} images/s, {p.TimeLeft:hh\\:mm\\:ss} left");
}
