namespace Dmcp.Quickstart;

/// <summary>Checkpoints of an unfinished run: the next one resumes from them, a complete one leaves none.</summary>
internal sealed class CheckpointFolder
{
    private readonly string _path;

    /// <param name="output">The folder of the run's results.</param>
    /// <param name="fresh">Whether checkpoints that are there are discarded.</param>
    public CheckpointFolder(string output, bool fresh)
    {
        _path = Path.Combine(output, "checkpoints");
        if (fresh)
            Delete();
        Directory.CreateDirectory(_path);
        WasInterrupted = Directory.EnumerateFiles(_path).Any();
    }

    /// <summary>Whether a run before this one did not come to its end.</summary>
    public bool WasInterrupted { get; }

    /// <summary>The checkpoint of a search or training.</summary>
    public string FileOf(string run) => Path.Combine(_path, run + ".ckpt");

    /// <summary>Deletes all of them.</summary>
    public void Delete()
    {
        if (Directory.Exists(_path))
            Directory.Delete(_path, recursive: true);
    }

    /// <summary>Works with the checkpoints; when one belongs to other settings, the message says what to do.</summary>
    /// <exception cref="InvalidOperationException">A checkpoint that was there belongs to other settings.</exception>
    public T Use<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidOperationException e) when (WasInterrupted && e.Message.Contains(_path, StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                $"{e.Message}{Environment.NewLine}An interrupted run with other options left it. Go on with those options, "
                    + "discard it with --fresh, or keep both with another --output.", e);
        }
    }
}
