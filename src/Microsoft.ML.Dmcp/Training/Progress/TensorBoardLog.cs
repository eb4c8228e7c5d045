using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Training.Progress;
using Tensorboard;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Writes progress as TensorBoard event files, one run (curve of its own colour) a subfolder: <c>tensorboard --logdir FOLDER</c> shows
/// them, while they grow too. Every report is in the file when the callback returns, so that a killed run keeps what it wrote.
/// </summary>
/// <example><code>
/// using var board = new TensorBoardLog("artifacts/runs");
/// options.MetricsCallback = new ConsoleProgress().Show("search") + board.Log("search");
/// </code></example>
public sealed class TensorBoardLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, EventFile> _files = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>A log in a folder, which is made if missing. Runs that it holds already stay.</summary>
    /// <param name="folder">What <c>--logdir</c> of TensorBoard names.</param>
    /// <exception cref="ArgumentException">The folder has no name.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public TensorBoardLog(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        OrSayWhere(Folder, () => Directory.CreateDirectory(Folder));
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder { get; }

    /// <summary>
    /// A metrics callback that writes the named run: <c>train/loss</c>, <c>accuracy</c>, <c>learning_rate</c> and <c>images_per_second</c>,
    /// <c>validation/accuracy</c>, and in a search <c>search/architecture_loss</c>, <c>budget_loss</c>, <c>expected_mflops</c> and
    /// <c>target_mflops</c> (or <c>_mparameters</c>, <c>_ms</c>), over batches since the run began. What is no number is left out. Twice
    /// the same name is the same run.
    /// </summary>
    /// <param name="run">Name of the run, such as <c>search</c>: a subfolder, or several: <c>resnet18/search</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or leads out of the folder.</exception>
    /// <exception cref="IOException">
    /// The file cannot be written; the callback throws it too, on a full disk, which a run answers with a warning.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The log is disposed; the callback throws it too.</exception>
    public Action<TrainingProgress> Log(string run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(run);
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(run, Folder));
        if (!folder.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new ArgumentException(
                $"The run '{run}' does not lie in the folder of the log; needed is a name such as 'search'.", nameof(run));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_files.TryGetValue(folder, out var file))
                OrSayWhere(folder, () => _files.Add(folder, file = EventFile.Create(folder)));
            return progress => Write(file!, progress);
        }
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var file in _files.Values)
                file.Dispose();
            _files.Clear();
        }
    }

    private void Write(EventFile file, TrainingProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            OrSayWhere(Folder, () => file.Write(new Event
            {
                Step = (progress.Epoch - 1L) * progress.Batches + progress.Batch,
                Summary = new Summary { Value = { Scalars(progress) } },
            }));
        }
    }

    private static IEnumerable<Summary.Types.Value> Scalars(TrainingProgress p)
    {
        IEnumerable<(string Tag, double? Value)> all =
        [
            ("train/loss", p.Loss),
            ("train/accuracy", p.Accuracy),
            ("validation/accuracy", p.ValidationAccuracy),
            ("train/learning_rate", p.LearningRate),
            ("train/images_per_second", p.ImagesPerSecond),
            ("search/architecture_loss", p.ArchitectureLoss),
            ("search/budget_loss", p.BudgetLoss),
            .. p.Costs.Select(c => ($"search/expected_{Unit(c)}", (double?)c.Expected)),
            .. p.Costs.Select(c => ($"search/target_{Unit(c)}", (double?)c.Target)),
        ];
        return from scalar in all
               let value = scalar.Value ?? double.NaN
               where double.IsFinite(value)
               select new Summary.Types.Value { Tag = scalar.Tag, SimpleValue = (float)value };
    }

    private static string Unit(CostProgress cost) => cost.Metric.Unit().ToLowerInvariant();

    private static void OrSayWhere(string folder, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"TensorBoard's folder '{folder}' cannot be written: {e.Message} Name another one, or make it writable.", e);
        }
    }
}
