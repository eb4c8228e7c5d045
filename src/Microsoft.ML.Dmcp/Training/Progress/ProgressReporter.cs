using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>Tells the user's callback and ML.NET's log where a run stands, about ten times an epoch and at least at the end of each.</summary>
internal sealed class ProgressReporter(RunLog log, Action<TrainingProgress>? callback, int epochs, EpochPlan plan, LoopPosition start)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly double _before = (double)start.Epoch * plan.Batches + start.Batch;
    private readonly HashSet<string> _warned = [];
    private readonly int _interval = Math.Max(1, plan.Batches / 10);

    /// <summary>Whether a report is due after this many batches of the epoch.</summary>
    public bool IsDue(int batch) => batch % _interval == 0 || batch == plan.Batches;

    /// <summary>Reports; throws when the loss is no longer a number, so that no hours are lost on it.</summary>
    /// <param name="phase">What is going on.</param>
    /// <param name="epoch">From 0.</param>
    /// <param name="batch">Batches of the epoch that are done.</param>
    /// <param name="means">Loss, accuracy, and in a search architecture loss and budget loss; null for none yet.</param>
    /// <param name="rate">Learning rate of the weights.</param>
    /// <param name="costs">Expected costs against the budget.</param>
    /// <param name="validated">Accuracy on the validation images, at the end of an epoch.</param>
    /// <exception cref="DivergedException">A loss is infinite or no number.</exception>
    /// <exception cref="ObserverException">The callback threw something other than a failure to write.</exception>
    public TrainingProgress Report(TrainingPhase phase, int epoch, int batch, double?[] means, double rate, IReadOnlyList<CostProgress> costs, double? validated)
    {
        var done = (double)epoch * plan.Batches + batch;
        // A run that goes on with a validation has trained nothing yet.
        var left = done > _before ? _watch.Elapsed * (((double)epochs * plan.Batches - done) / (done - _before)) : TimeSpan.Zero;
        var progress = new TrainingProgress
        {
            Phase = phase,
            Epoch = epoch + 1,
            Epochs = epochs,
            Batch = batch,
            Batches = plan.Batches,
            Loss = means[TrainingRun.Loss] ?? double.NaN,
            Accuracy = means[TrainingRun.Accuracy] ?? double.NaN,
            ArchitectureLoss = Value(means, TrainingRun.ArchitectureLoss),
            BudgetLoss = Value(means, TrainingRun.BudgetLoss),
            Costs = costs,
            ValidationAccuracy = validated,
            LearningRate = rate,
            ImagesPerSecond = (done - _before) * Math.Min(plan.BatchSize, plan.Images) / _watch.Elapsed.TotalSeconds,
            TimeLeft = left,
        };
        RequireFinite(means[TrainingRun.Loss], "loss", progress, $"Lower LearningRate (now {rate.ToString("0.####", CultureInfo.InvariantCulture)})");
        RequireFinite(progress.ArchitectureLoss, "architecture loss", progress, "Lower ArchitectureLearningRate or LearningRate");
        RequireFinite(progress.BudgetLoss, "budget loss", progress, "Lower ArchitectureLearningRate");
        Notify(progress);
        if (progress.EndsEpoch)
            log.Info(Line(progress));
        return progress;
    }

    // An observer that cannot write ends no run, and keeps no other from its report.
    private void Notify(TrainingProgress progress)
    {
        foreach (var observer in Delegate.EnumerateInvocationList(callback))
        {
            try
            {
                observer(progress);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_warned.Add(e.Message))
                    log.Warning($"A MetricsCallback failed: {e.Message} The run goes on.");
            }
            catch (Exception e)
            {
                throw new ObserverException(e);
            }
        }
    }

    private static double? Value(double?[] means, int index) => index < means.Length ? means[index] : null;

    private static void RequireFinite(double? value, string name, TrainingProgress progress, string mend)
    {
        if (value is { } v && !double.IsFinite(v))
            throw new DivergedException($"The {name} is {v} in epoch {progress.Epoch}, batch {progress.Batch}: the training diverged. {mend}, or check that the pixels are numbers.");
    }

    private static string Line(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"{p.Phase} epoch {p.Epoch}/{p.Epochs}: loss {p.Loss:0.0000}, accuracy {p.Accuracy:0.000}{(p.ValidationAccuracy is { } v ? string.Create(CultureInfo.InvariantCulture, $", validation {v:0.000}") : "")}" +
        $"{string.Concat(p.Costs.Select(c => string.Create(CultureInfo.InvariantCulture, $", expected {c.Expected:0.00} of {c.Target:0.00} M{c.Metric.Unit()}")))}, {p.ImagesPerSecond:0} images/s, {(long)p.TimeLeft.TotalHours:00}:{p.TimeLeft:mm\\:ss} left");
}
