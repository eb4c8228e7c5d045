using System.Runtime.InteropServices;

namespace Dmcp.Samples.Shared;

/// <summary>Runs a sample and turns what can go wrong into one line and an exit code.</summary>
public static class GuardedRun
{
    private const int Failed = 1, Interrupted = 130;

    /// <summary>Runs the sample: 0 when it ended well, 1 after an error, 130 when it was interrupted.</summary>
    /// <param name="run">The sample.</param>
    /// <param name="whenStopped">What is written when it was interrupted.</param>
    public static int Of(Action run, string whenStopped = "Stopped. What was written before stays in the output folder.")
    {
        try
        {
            ArgumentNullException.ThrowIfNull(run);
            run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine();
            Console.WriteLine(whenStopped);
            return Interrupted;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or InvalidDataException
            or FormatException or UnauthorizedAccessException or ExternalException or DllNotFoundException or NotSupportedException)
        {
            Console.Error.WriteLine();
            Console.Error.WriteLine($"error: {e.Message}");
            return Failed;
        }
    }
}
