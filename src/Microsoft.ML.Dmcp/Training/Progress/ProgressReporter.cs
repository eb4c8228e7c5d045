using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>
/// Reports to the user's callback and ML.NET's log where a run stands, about ten times an epoch and at least at the end of each.
/// </summary>
internal sealed class ProgressReporter(RunLog log, Action<TrainingProgress>? callback, int epochs, EpochPlan plan, LoopPosition start)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _before = (double)start.Epoch * plan.Batches + start.Batch;
    private readonly ProgressObservers _observers = new(callback, log);
    private readonly int _interval = Math.Max(1, plan.Batches / 10);

    /// <summary>Whether a report is due after this many batches of the epoch.</summary>
    public bool IsDue(int batch) => batch % _interval == 0 || batch == plan.Batches;

    /// <summary>Reports; throws when the loss is not finite, so that no hours are lost on it.</summary>
    /// <param name="phase">What is going on.</param>
    /// <param name="position">Where the loop stands.</param>
    /// <param name="means">Loss, accuracy, and in a search architecture loss and budget loss; those that there are.</param>
    /// <param name="rate">Learning rate of the weights.</param>
    /// <param name="costs">Expected costs against the budget.</param>
    /// <param name="validated">Accuracy on the validation images, at the end of an epoch.</param>
    /// <exception cref="DivergedException">A loss is infinite or NaN.</exception>
    /// <exception cref="ObserverException">The callback threw something other than a failure to write.</exception>
    public void Report(
        TrainingPhase phase, LoopPosition position, IReadOnlyDictionary<Mean, double> means, double rate,
        IReadOnlyList<CostProgress> costs, double? validated)
    {
        var done = (double)position.Epoch * plan.Batches + position.Batch;
        // A run that resumes with a validation has trained nothing yet.
        var left = done > _before ? _watch.Elapsed * (((double)epochs * plan.Batches - done) / (done - _before)) : TimeSpan.Zero;
        var progress = new TrainingProgress
        {
            Phase = phase,
            Epoch = position.Epoch + 1,
            Epochs = epochs,
            Batch = position.Batch,
            Batches = plan.Batches,
            Loss = means.GetValueOrDefault(Mean.Loss, double.NaN),
            Accuracy = means.GetValueOrDefault(Mean.Accuracy, double.NaN),
            ArchitectureLoss = means.TryGetValue(Mean.ArchitectureLoss, out var architecture) ? architecture : null,
            BudgetLoss = means.TryGetValue(Mean.BudgetLoss, out var budget) ? budget : null,
            Costs = costs,
            ValidationAccuracy = validated,
            LearningRate = rate,
            ImagesPerSecond = (done - _before) * plan.Size / _watch.Elapsed.TotalSeconds,
            TimeLeft = left,
        };
        if (means.ContainsKey(Mean.Loss))
            RequireFinite(progress.Loss, "loss", progress,
                $"Lower LearningRate (now {rate.ToString("0.####", CultureInfo.InvariantCulture)})");
        RequireFinite(progress.ArchitectureLoss, "architecture loss", progress, "Lower ArchitectureLearningRate or LearningRate");
        RequireFinite(progress.BudgetLoss, "budget loss", progress, "Lower ArchitectureLearningRate");
        _observers.Notify(progress);
        if (progress.EndsEpoch)
            log.Info(ProgressText.Of(progress));
    }

    private static void RequireFinite(double? value, string name, TrainingProgress progress, string fix)
    {
        if (value is { } v && !double.IsFinite(v))
            throw new DivergedException(
                FormattableString.Invariant($"The {name} is {v} in epoch {progress.Epoch}, batch {progress.Batch}: ") +
                $"the training diverged. {fix}, or check that the pixels are numbers.");
    }
}
