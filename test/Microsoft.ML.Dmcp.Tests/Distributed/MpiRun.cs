using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Dmcp.Tests.Distributed;

/// <summary>Starts several ranks of test/Microsoft.ML.Dmcp.Tests.Ranks, one thread each, and reads what they write.</summary>
internal static class MpiRun
{
    public const string OpenMpi = "mpirun.openmpi", Mpich = "mpirun.mpich";

    // No test waits for it: it turns a hang into a failure.
    private static readonly TimeSpan TooLong = TimeSpan.FromMinutes(15);

    public static bool IsThere(string starter) => Find(starter) is not null;

    /// <summary>One process, started as users start one.</summary>
    public static (int Status, string Output) Alone(params string[] arguments) => Start("dotnet", [Program, .. arguments], []);

    /// <summary>Several ranks.</summary>
    public static (int Status, string Output) Of(int ranks, params string[] arguments) => Of(OpenMpi, ranks, arguments);

    /// <summary>Several ranks of any MPI.</summary>
    public static (int Status, string Output) Of(string starter, int ranks, params string[] arguments)
    {
        string[] more = starter == OpenMpi ? ["--allow-run-as-root", "--oversubscribe"] : [];
        var program = Find(starter) ?? throw new InvalidOperationException(
            $"There is no {starter}: eng/setup.sh installs Open MPI as root (apt-get install openmpi-bin).");
        return Start(program, [.. more, "-np", Text(ranks), "dotnet", Program, .. arguments], []);
    }

    /// <summary>One process that is told it is one of several.</summary>
    public static (int Status, string Output) WithVariables(
        IReadOnlyList<(string Name, string Value)> variables, params string[] arguments) =>
        Start("dotnet", [Program, .. arguments], variables);

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

    private static (int Status, string Output) Start(
        string program, IEnumerable<string> arguments, IReadOnlyList<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
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
        return (process.ExitCode, output.Result + error.Result);
    }
}
