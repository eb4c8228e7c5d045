namespace Dmcp.Experiments;

/// <summary>Works on the plan until it is done or time is up, and writes the report of what there is.</summary>
internal static class Experiments
{
    public static void Run(Plan plan, Laboratory laboratory, IReadOnlyList<string> only, TimeSpan? limit, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit is { } time)
            stop.CancelAfter(time);
        try
        {
            var wanted = plan.Units.Where(u => only.Any(prefix => u.Id.StartsWith(prefix, StringComparison.Ordinal)));
            Schedule.Run(wanted.SelectMany(u => u.Needs is { } needed ? (Unit[])[needed, u] : [u]).Distinct().ToArray(), laboratory, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Console.WriteLine("Time is up: run again to go on.");
        }
        finally
        {
            var report = Path.Combine(laboratory.Folder, "report.md");
            WholeFile.Write(report, new Report(plan, laboratory).ToMarkdown());
            Console.WriteLine($"{plan.Units.Count - Schedule.Left(plan.Units, laboratory).Count} of {plan.Units.Count} parts are done; report: {report}");
        }
    }
}
