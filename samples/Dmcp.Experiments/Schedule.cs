namespace Dmcp.Experiments;

/// <summary>
/// Works through units. What is done stays done; several processes may work on one folder, since each unit is locked by a file while
/// someone works on it (the system lets go of the lock when a process dies).
/// </summary>
internal static class Schedule
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static void Run(IReadOnlyList<Unit> units, Laboratory laboratory, CancellationToken cancellation)
    {
        while (Left(units, laboratory) is { Count: > 0 } left)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!left.Any(unit => Try(unit, laboratory, cancellation)))
                cancellation.WaitHandle.WaitOne(Pause);
        }
    }

    public static IReadOnlyList<Unit> Left(IReadOnlyList<Unit> units, Laboratory laboratory) => units.Where(u => laboratory.ResultOf(u) is null).ToArray();

    /// <summary>Does the unit unless it waits for another, is done, or someone else is at it.</summary>
    private static bool Try(Unit unit, Laboratory laboratory, CancellationToken cancellation)
    {
        if (unit.Needs is { } needed && laboratory.ResultOf(needed) is null)
            return false;
        using var held = Lock(laboratory.ResultFile(unit) + ".lock");
        if (held is null || laboratory.ResultOf(unit) is not null)
            return false;
        laboratory.Keep(unit, unit.Run(laboratory, cancellation));
        return true;
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
