using System.Globalization;
using Microsoft.ML.Dmcp.Training;

namespace Dmcp.Samples.Shared;

/// <summary>Shows where a run stands: on a terminal one line that changes, else one line an epoch.</summary>
public sealed class ConsoleProgress
{
    private readonly bool _terminal = !Console.IsOutputRedirected;

    /// <summary>A metrics callback that shows the progress of the named run.</summary>
    /// <param name="name">What is trained, such as <c>search</c>.</param>
    public Action<TrainingProgress> Show(string name) => progress =>
    {
        if (!_terminal && !progress.EndsEpoch)
            return;
        var line = Line(name, progress);
        if (_terminal)
            Console.Write('\r' + line[..Math.Min(line.Length, Math.Max(20, Console.WindowWidth - 1))].PadRight(Math.Max(0, Console.WindowWidth - 1)));
        else
            Console.WriteLine(line);
        if (_terminal && progress.EndsEpoch)
            Console.WriteLine();
    };

    private static string Line(string name, TrainingProgress p)
    {
        var phase = p.Phase == TrainingPhase.Retrain ? "train" : p.Phase == TrainingPhase.WarmUp ? "warm up" : "search";
        var batch = p.EndsEpoch ? "" : $" {100 * p.Batch / p.Batches,2} %";
        var cost = string.Concat(p.Costs.Select(c => string.Create(CultureInfo.InvariantCulture, $"  expected {c.Expected:0.00}M of {c.Target:0.00}M")));
        return string.Create(CultureInfo.InvariantCulture,
            $"{name,-9} {phase,-8} epoch {p.Epoch,2}/{p.Epochs}{batch}  loss {p.Loss:0.000}  accuracy {100 * p.Accuracy:0.0} %{cost}  {p.ImagesPerSecond:0} images/s  {p.TimeLeft:h\\:mm\\:ss} left");
    }
}
