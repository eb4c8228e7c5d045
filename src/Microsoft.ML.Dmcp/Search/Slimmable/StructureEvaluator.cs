using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>
/// Accuracy of structures on images put aside, with the shared weights and batch norms calibrated for each; every structure is evaluated once,
/// on the same images.
/// </summary>
/// <param name="network">The shared weights.</param>
/// <param name="task">Images to calibrate on.</param>
/// <param name="aside">Images to evaluate on.</param>
/// <param name="options">Sizes; the token ends it.</param>
/// <param name="known">Those evaluated so far.</param>
internal sealed class StructureEvaluator(SlimmableNetwork network, SearchTask task, ImageSet aside, TrainingOptions options, StructureLog known)
{
    private const int ReportEvery = 50;

    private readonly HashSet<string> _asked = [];

    /// <summary>How many structures were asked for.</summary>
    public int Evaluated => _asked.Count;

    /// <summary>Share of the images put aside that the structure classifies rightly.</summary>
    public double Accuracy(int[] widths)
    {
        var key = string.Join(',', widths);
        _asked.Add(key);
        if (known.Accuracies.TryGetValue(key, out var accuracy))
            return accuracy;
        SaveIfRunEnds();
        NormCalibration.Run(network, widths, task.Set, task.Batches, options.BatchSize, options.CalibrationBatches, new RandomSource(task.Seed));
        accuracy = Evaluation.Accuracy(network, widths, aside, task.Batches, options.BatchSize, SaveIfRunEnds);
        known.Add(key, accuracy);
        if (Evaluated % ReportEvery == 0)
            task.Log.Info(FormattableString.Invariant($"{Evaluated} structures are evaluated; the best of them classifies {known.Accuracies.Values.Max():0.000} of the images put aside rightly."));
        return accuracy;
    }

    private void SaveIfRunEnds()
    {
        if (!task.Log.EndsRun(options.CancellationToken))
            return;
        known.Save();
        task.Log.ThrowIfRunEnds(options.CancellationToken);
    }
}
