using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>
/// What a command says: its result on standard output, all else on standard error. With <c>--json</c> standard output has the result as
/// JSON and nothing else.
/// </summary>
internal sealed class ToolConsole
{
    // No terminal cuts the lines of a file or a pipe.
    private const int WidthOfFiles = 160;

    private static readonly JsonSerializerOptions JsonFormat = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Class names stay readable in any language.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly TextWriter _output;
    private readonly bool _isJson;
    private readonly bool _isVerbose;
    private readonly IAnsiConsole _error;
    private readonly Lock _lock = new();

    /// <param name="environment">Where it goes.</param>
    /// <param name="isJson">Whether the result is wanted as JSON.</param>
    /// <param name="isVerbose">Whether details are wanted.</param>
    public ToolConsole(ToolEnvironment environment, bool isJson, bool isVerbose)
    {
        _output = environment.Output;
        _isJson = isJson;
        _isVerbose = isVerbose;
        _error = ConsoleOf(environment.Error, environment.IsErrorTerminal, environment.HasColors);
        People = isJson ? _error : ConsoleOf(environment.Output, environment.IsOutputTerminal, environment.HasColors);
    }

    /// <summary>Where tables and texts for people go.</summary>
    public IAnsiConsole People { get; }

    /// <summary>The result of a command: the text for people, or the object as JSON.</summary>
    /// <param name="json">An object of plain properties; names become camelCase.</param>
    /// <param name="text">The same for people.</param>
    public void Answer(object json, string text)
    {
        if (_isJson)
            _output.WriteLine(JsonSerializer.Serialize(json, JsonFormat));
        else
            _output.WriteLine(text);
    }

    /// <summary>The result of a command: a table or another figure for people, or the object as JSON.</summary>
    /// <param name="json">An object of plain properties; names become camelCase.</param>
    /// <param name="figure">The same for people.</param>
    public void Answer(object json, IRenderable figure)
    {
        if (_isJson)
            _output.WriteLine(JsonSerializer.Serialize(json, JsonFormat));
        else
            People.Write(figure);
    }

    /// <summary>A line about what happens.</summary>
    public void Note(string text) => Line("", text);

    /// <summary>A line about what the user should know.</summary>
    public void Warn(string text) => Line("[yellow]warning:[/] ", text);

    /// <summary>A line that only <c>--verbose</c> shows.</summary>
    public void Detail(string text)
    {
        if (_isVerbose)
            Line("", text);
    }

    /// <summary>The line that a command fails with; the stack behind it where <c>--verbose</c> asks for it.</summary>
    public void Fail(Exception exception, string message)
    {
        Line("[red]error:[/] ", message);
        Detail(exception.ToString());
    }

    /// <summary>Shows progress while something is trained: a bar for each training on a terminal, else a line an epoch.</summary>
    /// <param name="work">What trains; the function that it gets makes the metrics callback of a named training.</param>
    public T During<T>(Func<Func<string, Action<TrainingProgress>>, T> work) => TrainingBars.During(_error, work);

    private void Line(string markup, string text)
    {
        lock (_lock)
        {
            if (_error.Profile.Capabilities.Ansi)
            {
                _error.MarkupLine(markup + Markup.Escape(text));
                return;
            }
            // As it is: a console would wrap it.
            var writer = _error.Profile.Out.Writer;
            writer.WriteLine(Markup.Remove(markup) + text);
            writer.Flush();
        }
    }

    private static IAnsiConsole ConsoleOf(TextWriter writer, bool isTerminal, bool hasColors)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && hasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
            console.Profile.Width = WidthOfFiles;
        return console;
    }
}
