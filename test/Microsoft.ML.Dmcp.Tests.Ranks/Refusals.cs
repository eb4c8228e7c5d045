namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>Runs that the ranks cannot do together, since rank 1 has something else. Rank 0 prints what it is told.</summary>
internal static class Refusals
{
    private static readonly string[] Differences =
        ["seed=2@1", "batch=8@1", "images=100@1", "dataSeed=2@1", "epochs=3@1", "norms=own@1", "step=train@1", "checkpoint=/nowhere@1"];

    public static void Run(ICommunicator communicator)
    {
        foreach (var difference in Differences)
            Refused(communicator, difference, () => new PublicRun(communicator, ["quiet=1", difference]).Fit());
        using var ranks = new Runs.Communication.Ranks(communicator, synchronizesNorms: true);
        Refused(communicator, "version", () =>
            ranks.RequireSame([("the version", communicator.Rank == 1 ? "2.0" : "1.0")], "The ranks cannot run together"));
    }

    private static void Refused(ICommunicator communicator, string difference, Action run)
    {
        try
        {
            run();
            throw new NotSupportedException($"Nobody noticed {difference}.");
        }
        catch (InvalidOperationException e) when (e is not ObjectDisposedException)
        {
            if (communicator.Rank == 0)
                Console.WriteLine($"{difference}: {e.Message}");
        }
    }
}
