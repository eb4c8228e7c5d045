using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.ML.Dmcp.AutoML.Store;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>
/// A trial while this worker has it: gives signs of life, keeps its curves, and ends the work when somebody else has taken it over or the
/// store fails.
/// </summary>
internal sealed class TrialLease : IDisposable
{
    private readonly ExperimentStore _store;
    private readonly CancellationTokenSource _end;
    private readonly Action _report;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly Lock _beating = new();
    private DmcpTrialProgress? _progress;
    private TimeSpan _counted;
    private volatile bool _isLost;

    /// <param name="store">Where the trial is.</param>
    /// <param name="trial">The trial, claimed.</param>
    /// <param name="interval">Time between two signs of life.</param>
    /// <param name="report">Tells the user's observer how the trial stands.</param>
    /// <param name="cancellation">Ends the experiment.</param>
    public TrialLease(ExperimentStore store, StoredTrial trial, TimeSpan interval, Action report, CancellationToken cancellation)
    {
        _store = store;
        _report = report;
        Trial = trial;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = new Timer(_ => Guarded(Beat), null, interval, interval);
    }

    /// <summary>The trial as it was when it was claimed.</summary>
    public StoredTrial Trial { get; }

    /// <summary>Ends the work.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Whether somebody else has the trial by now.</summary>
    public bool IsLost => _isLost;

    /// <summary>What failed beside the trial itself: the store, or the user's observer.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>Tells the user's observer how the trial stands.</summary>
    public void Report() => Guarded(_report);

    /// <summary>Keeps what a training says of itself.</summary>
    /// <param name="progress">Where it stands.</param>
    /// <param name="phase">What it is called in the curves.</param>
    public void Observe(TrainingProgress progress, TrainingPhase phase) => Guarded(() =>
    {
        _progress = new DmcpTrialProgress(phase, progress.Epoch, progress.Epochs, progress.Loss, progress.Accuracy,
            progress.ImagesPerSecond, progress.TimeLeft.TotalSeconds);
        if (!progress.EndsEpoch || phase == TrainingPhase.Choose)
            return;
        Keep(_store.Add(Trial.Number, new DmcpEpoch(phase, progress.Epoch, progress.Loss, progress.Accuracy, progress.ValidationAccuracy)));
        Beat();
        _report();
    });

    /// <summary>Does something that changes the store.</summary>
    /// <param name="change">Gives false where somebody else has the trial.</param>
    /// <exception cref="OperationCanceledException">Somebody else has it.</exception>
    public void Change(Func<ExperimentStore, bool> change)
    {
        Keep(change(_store));
        if (_isLost)
            throw new OperationCanceledException(_end.Token);
    }

    public void Dispose()
    {
        // Waits for a sign of life that is being given.
        using (var done = new ManualResetEvent(false))
            if (_timer.Dispose(done))
                done.WaitOne();
        _end.Dispose();
    }

    /// <summary>Counts the time up to now, so that it is in the store before the trial is put down.</summary>
    public void Beat()
    {
        lock (_beating)
        {
            var now = _watch.Elapsed;
            Keep(_store.Beat(Trial.Number, (now - _counted).TotalSeconds, _progress));
            _counted = now;
        }
    }

    private void Keep(bool isMine)
    {
        if (isMine)
            return;
        _isLost = true;
        _end.Cancel();
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            Failure ??= ExceptionDispatchInfo.Capture(e);
            _end.Cancel();
        }
    }
}
