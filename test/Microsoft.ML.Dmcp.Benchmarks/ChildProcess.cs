using System.Diagnostics;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Runs this program again, so that a workload has a process to itself.</summary>
internal static class ChildProcess
{
    /// <summary>What it wrote to its output.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(IEnumerable<string> arguments)
    {
        // Either 'dotnet' runs this program, or it has an executable of its own.
        var program = Environment.ProcessPath!;
        return Run(
            program,
            Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0], .. arguments] : arguments);
    }

    /// <summary>Runs any command.</summary>
    public static string Run(string command, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{command}' did not start.");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"'{command} {string.Join(' ', arguments)}' ended with exit code {process.ExitCode}.");
    }
}
