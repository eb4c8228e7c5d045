using System.Diagnostics;
using Microsoft.ML.Dmcp.Tests.Worker;

namespace Microsoft.ML.Dmcp.Tests.AutoML;

/// <summary>A process that works on the tiny experiment (test/Microsoft.ML.Dmcp.Tests.Worker).</summary>
internal sealed class ExperimentWorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    /// <param name="folder">Checkpoints.</param>
    /// <param name="store">Connection string; "-" for SQLite in the folder.</param>
    /// <param name="trials">Most trials.</param>
    public ExperimentWorkerProcess(string folder, string store, int trials)
    {
        var program = typeof(TinyExperiment).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program, folder, store, $"{trials}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it said, up to its end.</summary>
    public IReadOnlyList<string> ReadToEnd()
    {
        var output = _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        Assert.True(_process.ExitCode == 0, _errors.Result + output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Waits until it has said so many lines more, if it gets there.</summary>
    public void Read(int lines)
    {
        while (lines-- > 0 && _process.StandardOutput.ReadLine() is not null)
        {
        }
    }

    /// <summary>Kills it, as SIGKILL does, when it has said so many lines, if it gets there.</summary>
    public void KillAfter(int lines)
    {
        Read(lines);
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
