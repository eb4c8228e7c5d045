using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>What a run leaves behind of its course: <c>log.txt</c> and the curves for TensorBoard.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly StreamWriter _text;
    private readonly TensorBoardLog _board;

    private RunLog(ResultFolder folder)
    {
        Directory.CreateDirectory(folder.Root);
        _text = new StreamWriter(folder.Log, append: true) { AutoFlush = true };
        _board = new TensorBoardLog(folder.Events);
    }

    /// <summary>The log of a run; null on ranks that leave it to the first.</summary>
    /// <param name="run">The command.</param>
    /// <param name="folder">The results.</param>
    public static RunLog? Of(CommandRun run, ResultFolder folder) => run.IsFirst ? new RunLog(folder) : null;

    /// <summary>Adds a line.</summary>
    public void Write(string line) => _text.WriteLine(line);

    /// <summary>A metrics callback for a named training.</summary>
    public Action<TrainingProgress> Callback(string name) => new ConsoleProgress(_text, isTerminal: false).Show(name) + _board.Log(name);

    public void Dispose()
    {
        _text.Dispose();
        _board.Dispose();
    }
}
