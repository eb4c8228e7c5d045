using System.Diagnostics;

namespace Microsoft.ML.Dmcp.Tests.Package;

/// <summary>Runs programs as a user does on a command line.</summary>
internal static class CommandLine
{
    /// <summary>What the program wrote, on both streams, and its exit code.</summary>
    public static (int Status, string Output) Run(string folder, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What `dotnet test` sets for itself is not meant for the programs that the tests start.
        static bool IsOfThisBuild(string variable) =>
            variable.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || variable.StartsWith("VSTEST", StringComparison.Ordinal);
        foreach (var name in start.Environment.Keys.Where(IsOfThisBuild).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>As <see cref="Run"/>, where the program must succeed.</summary>
    public static string Succeed(string folder, string program, params IEnumerable<string> arguments)
    {
        var (status, output) = Run(folder, program, arguments);
        Assert.True(status == 0, $"{program} {string.Join(' ', arguments)} ended with {status}:\n{output}");
        return output;
    }
}
