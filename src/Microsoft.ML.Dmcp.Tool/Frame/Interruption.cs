using System.Runtime.InteropServices;

namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the command to write its checkpoint and end, a second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TextWriter _error;
    private int _signals;

    /// <param name="error">Where the user is told what happens.</param>
    public Interruption(TextWriter error)
    {
        _error = error;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Receive))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        // A signal that is not cancelled does what the system does with it: it ends the process.
        context.Cancel = Interlocked.Increment(ref _signals) == 1;
        if (!context.Cancel)
            return;
        _error.WriteLine();
        _error.WriteLine("Stopping; Ctrl-C again ends at once.");
        _source.Cancel();
    }
}
