using Microsoft.ML.Dmcp;
using Microsoft.ML.Dmcp.Tests.Ranks;

// One of several ranks, or one process. The first argument says what it does, the others how.
try
{
    using var ranks = MpiCommunicator.StartIfLaunched();
    switch (args[0])
    {
        case "equality":
            Equality.Run(ranks, args.ElementAtOrDefault(1));
            break;
        case "fit":
            new PublicRun(ranks, args[1..]).Fit();
            break;
        case "refusals":
            Refusals.Run(ranks!);
            break;
        case "exchange":
            Exchange.Run(ranks, args.ElementAtOrDefault(1) ?? "cpu");
            break;
        default:
            throw new ArgumentException($"There is no '{args[0]}'.");
    }
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or ArgumentException or DllNotFoundException or OperationCanceledException)
{
    Console.Error.WriteLine(Environment.GetEnvironmentVariable("TRACE") is null ? $"{e.GetType().Name}: {e.Message}" : e.ToString());
    return 3;
}
