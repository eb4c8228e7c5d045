using Microsoft.ML.Dmcp.Tool.Frame;

namespace Microsoft.ML.Dmcp.Tool;

/// <summary>The command <c>dmcp</c>.</summary>
internal static class Program
{
    public static int Main(string[] args) => LaunchedTool.Run(args);

    /// <summary>Runs a line; tests call it with writers of their own.</summary>
    /// <param name="args">The words behind <c>dmcp</c>.</param>
    /// <param name="environment">Where output goes, and when to stop.</param>
    /// <returns>The exit code: one of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, ToolEnvironment environment) => new ToolApplication(environment).Run(args);
}
