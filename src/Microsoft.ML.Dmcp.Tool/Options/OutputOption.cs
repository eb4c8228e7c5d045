using System.CommandLine;

namespace Microsoft.ML.Dmcp.Tool.Options;

/// <summary>The option that names where results go.</summary>
internal static class OutputOption
{
    /// <summary>A folder with a default.</summary>
    public static Option<string> Folder(string usual) => new("--output", "-o")
    {
        Description = "Folder of the results, made if missing. An interrupted run goes on there.",
        HelpName = "DIR",
        DefaultValueFactory = _ => usual,
    };

    /// <summary>A file that may be left out.</summary>
    public static Option<string?> File(string description) => new("--output", "-o") { Description = description, HelpName = "FILE" };
}
