namespace Dmcp.Quickstart;

/// <summary>Runs the quickstart and turns what can go wrong into one line and an exit code.</summary>
internal static class Run
{
    private const int Failed = 1, Interrupted = 130;

    public static int Guarded(Settings settings, CancellationToken cancellation)
    {
        try
        {
            new Quickstart(settings, cancellation).Run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("\nStopped. What was written before stays in the output folder.");
            return Interrupted;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or InvalidDataException or FormatException or UnauthorizedAccessException
            or System.Runtime.InteropServices.ExternalException or DllNotFoundException or NotSupportedException)
        {
            Console.Error.WriteLine();
            Console.Error.WriteLine($"error: {e.Message}");
            return Failed;
        }
    }
}
