using Microsoft.ML.Dmcp.Training.Progress;

namespace Microsoft.ML.Dmcp;

/// <summary>Shows where a run stands: on a terminal one line that changes, else one line an epoch.</summary>
/// <example><code>options.MetricsCallback = new ConsoleProgress().Show("search");</code></example>
public sealed class ConsoleProgress
{
    private const int UsualWidth = 80;

    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Func<int> _width;

    /// <summary>Progress on the console.</summary>
    public ConsoleProgress() : this(Console.Out, !Console.IsOutputRedirected)
    {
    }

    /// <summary>Progress on any writer.</summary>
    /// <param name="output">Where the lines go.</param>
    /// <param name="isTerminal">Whether it goes back to the start of a line on <c>\r</c>.</param>
    public ConsoleProgress(TextWriter output, bool isTerminal) : this(output, isTerminal, () => Console.WindowWidth)
    {
    }

    internal ConsoleProgress(TextWriter output, bool isTerminal, Func<int> width)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _isTerminal = isTerminal;
        _width = width;
    }

    /// <summary>A metrics callback that shows the progress of the named run.</summary>
    /// <param name="name">What is trained, such as <c>search</c>.</param>
    public Action<TrainingProgress> Show(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return progress =>
        {
            ArgumentNullException.ThrowIfNull(progress);
            if (_isTerminal)
                _output.Write('\r' + Fitted(Line(name, progress)) + (progress.EndsEpoch ? _output.NewLine : ""));
            else if (progress.EndsEpoch)
                _output.WriteLine(Line(name, progress));
            _output.Flush();
        };
    }

    private static string Line(string name, TrainingProgress progress) => $"{name,-9} {ProgressText.Of(progress)}";

    /// <summary>Cut and filled to one column less than the window has, since some terminals begin a new line after the last one.</summary>
    private string Fitted(string line)
    {
        var columns = Width() - 1;
        return line[..Math.Min(line.Length, columns)].PadRight(columns);
    }

    private int Width()
    {
        try
        {
            return _width() is > 1 and var width ? width : UsualWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or InvalidOperationException)
        {
            return UsualWidth; // no window, or one that does not say
        }
    }
}
