using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Progress;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>
/// Accuracy of structures on images put aside, with the shared weights and batch norms calibrated for each; every structure is evaluated
/// once, on the same images.
/// </summary>
/// <param name="network">The shared weights.</param>
/// <param name="task">Images to calibrate on.</param>
/// <param name="aside">Images to evaluate on.</param>
/// <param name="options">Sizes, and the callbacks of progress.</param>
/// <param name="known">Those evaluated so far.</param>
internal sealed class StructureEvaluator(
    SlimmableNetwork network, SearchTask task, ImageBatches aside, SlimmableSearchOptions options, StructureLog known)
{
    private const int ReportEvery = 10;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly ProgressObservers _observers = new(options.MetricsCallback, task.Log);
    private readonly HashSet<string> _asked = [];
    private double _best;
    private int _reported;

    /// <summary>How many structures were asked for.</summary>
    public int Evaluated => _asked.Count;

    /// <summary>Share of the images put aside that the structure classifies correctly.</summary>
    /// <exception cref="OperationCanceledException">The run is cancelled; what was evaluated is kept.</exception>
    public double Accuracy(int[] widths)
    {
        var key = string.Join(',', widths);
        _asked.Add(key);
        if (!known.Accuracies.TryGetValue(key, out var accuracy))
        {
            accuracy = Kept(() => Evaluate(widths));
            known.Add(key, accuracy);
        }
        _best = Math.Max(_best, accuracy);
        return accuracy;
    }

    /// <summary>Reports progress after every ten structures, and in the end.</summary>
    /// <param name="share">Share of the choice that is done, in [0, 1].</param>
    public void ReportProgress(double share)
    {
        if (Evaluated < _reported + ReportEvery && share < 1)
            return;
        _reported = Evaluated;
        var progress = new TrainingProgress
        {
            Phase = TrainingPhase.Choose,
            Epoch = options.NumberOfEpochs,
            Epochs = options.NumberOfEpochs,
            Batch = Evaluated,
            Batches = share < 1 ? Math.Max(Evaluated + 1, (int)Math.Min(Evaluated / Math.Max(share, 0.01), int.MaxValue)) : Evaluated,
            Loss = double.NaN,
            Accuracy = _best,
            LearningRate = 0,
            ImagesPerSecond = (double)Evaluated * aside.Set.Count / _watch.Elapsed.TotalSeconds,
            TimeLeft = share > 0 ? _watch.Elapsed * (1 / share - 1) : TimeSpan.Zero,
        };
        Kept(() =>
        {
            _observers.Notify(progress);
            return 0;
        });
        task.Log.Info(ProgressText.Of(progress));
    }

    private double Evaluate(int[] widths)
    {
        task.Log.ThrowIfCanceled();
        NormCalibration.Run(network, widths, task.Images, options.CalibrationBatches, new RandomSource(task.Seed), task.Log);
        return Evaluation.Accuracy(network, widths, aside, task.Log);
    }

    /// <summary>Does something; keeps what was evaluated so far if that ends the run.</summary>
    private double Kept(Func<double> action)
    {
        try
        {
            return action();
        }
        catch (OperationCanceledException)
        {
            known.Save();
            throw;
        }
        catch (ObserverException e)
        {
            known.Save();
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
