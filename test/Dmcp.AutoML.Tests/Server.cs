using System.Diagnostics;

namespace Dmcp.AutoML.Tests;

/// <summary>The page's server as a user starts it, in a process and a workspace of its own.</summary>
public sealed class Server : IDisposable
{
    private readonly Process _process;

    public Server(string workspace, params IEnumerable<string> options)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Dmcp.AutoML.dll");
        var start = new ProcessStartInfo("dotnet", [program, "--port", "0", "--workspace", workspace, "--threads", "1", .. options])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        _process = Process.Start(start)!;
        Address = (_process.StandardOutput.ReadLine() ?? "").Replace("Open ", "", StringComparison.Ordinal);
        Assert.StartsWith("http://", Address, StringComparison.Ordinal);
        // What it says later must not fill the pipe.
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>What it asks to open.</summary>
    public string Address { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
