namespace Dmcp.Experiments;

/// <summary>Works on the plan until it is done or time is up, and writes the report of what there is.</summary>
internal static class Experiments
{
    public static void Run(Plan plan, Laboratory laboratory, TimeSpan? limit, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit is { } time)
            stop.CancelAfter(time);
        try
        {
            Schedule.Run(plan, laboratory, stop.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Console.WriteLine("Time is up: run again to go on.");
        }
        finally
        {
            var report = Path.Combine(laboratory.Folder, "report.md");
            WholeFile.Write(report, new Report(plan, laboratory).ToMarkdown());
            Console.WriteLine($"{plan.Units.Count - Schedule.Left(plan, laboratory).Count} of {plan.Units.Count} parts are done; report: {report}");
        }
    }
}
