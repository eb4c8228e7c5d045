using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Starts several ranks of test/Microsoft.ML.Dmcp.Tests.Ranks, one thread each, and reads what they write.</summary>
internal static class MpiRun
{
    public const string OpenMpi = "mpirun.openmpi", Mpich = "mpirun.mpich";

    /// <summary>How to get what starts ranks.</summary>
    public const string Advice = "eng/setup.sh installs it as root (apt-get install openmpi-bin mpich).";

    private static readonly string[] More = ["--allow-run-as-root", "--oversubscribe"];

    // No test waits for it: it turns a hang into a failure.
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(15);

    public static bool IsThere(string starter) => Find(starter) is not null;

    /// <summary>One process, started as users start one.</summary>
    public static (int Status, string Output) Alone(params string[] arguments) => Both(Start("dotnet", [Program, .. arguments], []));

    /// <summary>Several ranks.</summary>
    public static (int Status, string Output) Of(int ranks, params string[] arguments) => Of(OpenMpi, ranks, arguments);

    /// <summary>Several ranks of any MPI.</summary>
    public static (int Status, string Output) Of(string starter, int ranks, params string[] arguments)
    {
        string[] more = starter == OpenMpi ? More : [];
        return Both(Start(Require(starter), [.. more, "-np", Text(ranks), "dotnet", Program, .. arguments], []));
    }

    /// <summary>The command dmcp, as it is built, as one rank for every line.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="lines">The words behind <c>dmcp</c>.</param>
    public static (int Status, string Output, string Error) Tool(string folder, IReadOnlyList<string[]> lines)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "dmcp.dll");
        var ranks = lines.SelectMany((line, i) => (string[])[.. i == 0 ? [] : (string[])[":"], "-np", "1", "dotnet", tool, .. line]);
        return Start(Require(OpenMpi), [.. More, .. ranks], [], folder);
    }

    /// <summary>One process that is told it is one of several.</summary>
    public static (int Status, string Output) WithVariables(
        IReadOnlyList<(string Name, string Value)> variables, params string[] arguments) =>
        Both(Start("dotnet", [Program, .. arguments], variables));

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Program { get; } = Find();

    private static string Find()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(here.Parent!.Parent!.Parent!.Parent!.FullName, "Microsoft.ML.Dmcp.Tests.Ranks", "bin", here.Parent.Name,
            here.Name, "Microsoft.ML.Dmcp.Tests.Ranks.dll");
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/bin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        // Elsewhere than on Debian it has one name.
        ?? (program == OpenMpi && File.Exists("/usr/bin/mpirun") ? "/usr/bin/mpirun" : null);

    private static string Require(string starter) => Find(starter) ?? throw new InvalidOperationException(
        $"There is no {starter}: {Advice}");

    private static (int Status, string Output) Both((int Status, string Output, string Error) run) => (run.Status, run.Output + run.Error);

    private static (int Status, string Output, string Error) Start(
        string program, IEnumerable<string> arguments, IReadOnlyList<(string Name, string Value)> variables, string folder = "")
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["TERM"] = "dumb";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TooLong))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} hung: {output.Result}{error.Result}");
        }
        return (process.ExitCode, output.Result, error.Result);
    }
}
