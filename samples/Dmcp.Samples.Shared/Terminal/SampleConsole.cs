using Spectre.Console;

namespace Dmcp.Samples.Shared;

/// <summary>Where the samples write tables and progress.</summary>
public static class SampleConsole
{
    // No terminal cuts the lines of a file or a pipe.
    private const int WidthOfFiles = 160;

    /// <summary>The terminal; or, where output goes to a file or a pipe, wide lines without colours.</summary>
    public static IAnsiConsole Output { get; } = Console.IsOutputRedirected ? Plain(Console.Out) : AnsiConsole.Console;

    /// <summary>A console without colours and without lines that change.</summary>
    /// <param name="writer">Where its lines go.</param>
    public static IAnsiConsole Plain(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = WidthOfFiles;
        return console;
    }
}
