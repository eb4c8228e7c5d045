using Microsoft.ML.Dmcp.Distributed.Launching;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>
/// The tool as it was started: by itself, or as one of several ranks by mpirun, srun or an MPIJob of Kubernetes. Ranks share a training; all
/// else is done by rank 0 alone, which also speaks and writes files for all.
/// </summary>
internal static class LaunchedTool
{
    /// <summary>Runs the line of this process.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args)
    {
        try
        {
            if (FindLaunch(args) is { Size: > 1 } launch)
                return RunBesideOthers(args, launch);
        }
        catch (Exception e) when (e is InvalidOperationException or DllNotFoundException)
        {
            // No rank can speak for the others yet.
            new ToolConsole(ToolEnvironment.OfProcess(CancellationToken.None), isJson: false, isVerbose: false).Fail(e, ErrorText.Of(e));
            return ExitCode.Failed;
        }
        using var interruption = new Interruption(Console.Error);
        return Program.Run(args, ToolEnvironment.OfProcess(interruption.Token));
    }

    private static Launch? FindLaunch(string[] args)
    {
        try
        {
            return Launch.Of(Environment.GetEnvironmentVariable);
        }
        catch (InvalidOperationException) when (!Trains(args))
        {
            // It needs nobody, whatever the environment says of others.
            return null;
        }
    }

    private static bool Trains(string[] args) => new ToolApplication(new ToolEnvironment(TextWriter.Null, TextWriter.Null)).Trains(args);

    private static int RunBesideOthers(string[] args, Launch launch)
    {
        // mpirun pretends to be a terminal, and hands on what it gets to a file or a pipe: without the control characters of one.
        Environment.SetEnvironmentVariable("TERM", "dumb");
        var isFirst = launch.Rank == 0;
        using var interruption = new Interruption(isFirst ? Console.Error : TextWriter.Null);
        var environment = ToolEnvironment.OfProcess(interruption.Token) with { IsOutputTerminal = false, IsErrorTerminal = false };
        if (!isFirst)
            environment = environment with { Output = TextWriter.Null, Error = TextWriter.Null };
        if (!Trains(args))
            return isFirst ? Program.Run(args, environment) : ExitCode.Done;
        using var ranks = MpiCommunicator.Start();
        var code = Program.Run(args, environment with { Ranks = ranks });
        // Rank 0 still measures and writes results when the others are done.
        ranks.Timeout = TimeSpan.MaxValue;
        return code;
    }
}
