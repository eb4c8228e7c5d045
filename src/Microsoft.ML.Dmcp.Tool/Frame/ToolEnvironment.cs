using System.Text;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>What a run of the tool has around it.</summary>
/// <param name="Output">Results go here.</param>
/// <param name="Error">Progress, notes, warnings and errors go here.</param>
internal sealed record ToolEnvironment(TextWriter Output, TextWriter Error)
{
    /// <summary>Whether a person may see colours.</summary>
    public bool HasColors { get; init; }

    /// <summary>Whether results are shown on a terminal.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether progress is shown on a terminal, where lines can change.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Where the settings file is looked for.</summary>
    public string Folder { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Asks the command to write its checkpoint and end.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>The processes that share the training of the line; null for this one alone.</summary>
    public ICommunicator? Ranks { get; init; }

    /// <summary>The environment of this process.</summary>
    public static ToolEnvironment OfProcess(CancellationToken cancellation)
    {
        // Names of folders and classes in any language.
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8;
        return new ToolEnvironment(Console.Out, Console.Error)
        {
            HasColors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")), // no-color.org
            IsOutputTerminal = !Console.IsOutputRedirected,
            IsErrorTerminal = !Console.IsErrorRedirected,
            Cancellation = cancellation,
        };
    }
}
