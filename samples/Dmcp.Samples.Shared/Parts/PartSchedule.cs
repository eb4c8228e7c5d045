using System.Diagnostics;

namespace Dmcp.Samples.Shared;

/// <summary>
/// Works through parts. What is done stays done; several processes may work on one folder, since each part is locked by a file
/// while someone works on it (the system releases the lock when a process dies).
/// </summary>
/// <param name="folder">Where results are kept.</param>
/// <param name="work">Does a part and gives its result.</param>
public sealed class PartSchedule(PartFolder folder, Func<Part, CancellationToken, object> work)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Does the parts, and those that they need, until all are done or time is up.</summary>
    /// <param name="parts">The parts, the most important first.</param>
    /// <param name="limit">When to stop; null for never, 0 to do nothing.</param>
    /// <param name="cancellation">Stops at once; what a part keeps in its checkpoint stays.</param>
    public void Run(IEnumerable<Part> parts, TimeSpan? limit, CancellationToken cancellation)
    {
        var wanted = parts.SelectMany(p => p.Needs is { } needed ? (Part[])[needed, p] : [p]).Distinct().ToArray();
        if (wanted.GroupBy(p => p.Id).FirstOrDefault(g => g.Count() > 1) is { } same)
            throw new InvalidOperationException($"Two different parts are called '{same.Key}': they would take each other's results.");
        if (limit == TimeSpan.Zero)
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (limit is { } time)
            stop.CancelAfter(time);
        try
        {
            while (wanted.Where(p => !folder.IsDone(p)).ToArray() is { Length: > 0 } left)
            {
                stop.Token.ThrowIfCancellationRequested();
                if (!left.Any(part => Try(part, stop.Token)))
                    stop.Token.WaitHandle.WaitOne(Pause);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Console.WriteLine("Time is up: run again to go on.");
        }
    }

    /// <summary>Does the part unless it waits for another, is done, or someone else is at it.</summary>
    private bool Try(Part part, CancellationToken cancellation)
    {
        if (part.Needs is { } needed && !folder.IsDone(needed))
            return false;
        using var held = Lock(folder.ResultFile(part) + ".lock");
        if (held is null || folder.IsDone(part))
            return false;
        var watch = Stopwatch.StartNew();
        try
        {
            folder.Keep(part, work(part, cancellation));
            return true;
        }
        catch (OperationCanceledException)
        {
            folder.AddSeconds(part, watch.Elapsed.TotalSeconds);
            throw;
        }
    }

    private static FileStream? Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
