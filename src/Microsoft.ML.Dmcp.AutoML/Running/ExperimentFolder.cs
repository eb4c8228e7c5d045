using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>Where checkpoints and models of an experiment are, for all of its workers.</summary>
/// <param name="path">The folder.</param>
internal sealed class ExperimentFolder(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(10);

    // Says whose folder it is: a worker with another one would begin all trials anew.
    private readonly string _marker = Path.Combine(path, "experiment.id");

    public string Name { get; } = Path.GetFullPath(path);

    public string ModelOf(int trial) => FileOf(trial, "model.zip");

    public string SearchOf(int trial) => FileOf(trial, "search.zip");

    public string SearchCheckpointOf(int trial) => FileOf(trial, "search.ckpt");

    public string TrainingCheckpointOf(int trial) => FileOf(trial, "training.ckpt");

    /// <summary>The whole network of a pre-trained one, fine-tuned: what the others learn from.</summary>
    public string WholeOf(int shared) => FileOf(shared, "whole.ckpt");

    /// <summary>The weights that all trials of a network share.</summary>
    public string SharedOf(int shared) => FileOf(shared, "shared.ckpt");

    /// <summary>Whether a trial was begun here.</summary>
    public bool HasTrials => Directory.Exists(Trials);

    /// <summary>The id for an experiment that begins here: one for all workers that begin it at the same time.</summary>
    /// <param name="hadTrials">What <see cref="HasTrials"/> was before the store knew no experiment.</param>
    /// <exception cref="InvalidOperationException">The folder is another experiment's.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public string NewId(bool hadTrials)
    {
        if (hadTrials)
            throw new InvalidOperationException(
                $"Folder '{Name}' holds the trials of an experiment that the store does not know: give another CheckpointFolder, " +
                "or the Store and Name of that experiment.");
        // A marker that is there was left by a kill before the store heard of it, or by a worker that begins just now.
        if (!File.Exists(_marker))
            Write(Mark);
        return File.ReadAllText(_marker);
    }

    private void Mark()
    {
        Directory.CreateDirectory(Name);
        using var alone = LockMarker();
        if (!File.Exists(_marker))
            DurableFile.Write(_marker, stream => stream.Write(System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"))));
    }

    private FileStream LockMarker()
    {
        for (var waited = Stopwatch.StartNew(); ; Thread.Sleep(Pause))
            try
            {
                return new FileStream(
                    $"{_marker}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (waited.Elapsed < Patience)
            {
                // Another worker writes the marker.
            }
    }

    /// <summary>Makes sure that the folder is that of an experiment which the store knows.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Require(string id)
    {
        var found = File.Exists(_marker) ? File.ReadAllText(_marker) : null;
        if (found != id)
            throw new InvalidOperationException(found is null
                ? $"Folder '{Name}' lacks the checkpoints of the experiment that the store holds. All workers need the same folder: " +
                    "is the shared storage mounted? To begin anew, give another Name."
                : $"Folder '{Name}' holds another experiment than the store: give each a CheckpointFolder of its own.");
        Write(() => DurableFile.RequireWritable(Path.Combine(Name, "writable")));
    }

    /// <summary>Deletes what a trial that is over needs no more; what cannot be deleted stays.</summary>
    public void Tidy(int trial)
    {
        foreach (var file in (string[])[SearchCheckpointOf(trial), TrainingCheckpointOf(trial)])
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
            }
    }

    private string Trials => Path.Combine(Name, "trials");

    private string FileOf(int trial, string name) =>
        Path.Combine(Trials, trial.ToString("0000", CultureInfo.InvariantCulture), name);

    private void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"Folder '{Name}' of the experiment cannot be written: {e.Message} Give another CheckpointFolder.", e);
        }
    }
}
