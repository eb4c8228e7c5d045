using System.CommandLine;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>The options of every command.</summary>
internal sealed class GlobalOptions
{
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Writes the result as JSON to standard output, and everything else to standard error.",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Shows what the library logs, and the stack of an error.",
        Recursive = true,
    };

    public Option<string?> Settings { get; } = new("--settings")
    {
        Description = "Settings file; without it dmcp.yaml of the working folder, where there is one. The command line counts more.",
        HelpName = "FILE",
        Recursive = true,
    };
}
