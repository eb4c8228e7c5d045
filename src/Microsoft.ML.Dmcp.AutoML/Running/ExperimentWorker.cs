using System.Runtime.ExceptionServices;
using Microsoft.ML.Dmcp.AutoML.Planning;
using Microsoft.ML.Dmcp.AutoML.Store;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>Takes one trial after another until the experiment has no more, as any number of others do at the same time.</summary>
/// <param name="settings">Of the experiment; checked.</param>
/// <param name="store">Where trials are taken from.</param>
/// <param name="folder">Where their files are.</param>
/// <param name="sharedWeights">Trains shared weights.</param>
/// <param name="trials">Does trials.</param>
/// <param name="halving">Compares trials.</param>
/// <param name="report">Tells the user's observer of a trial.</param>
/// <param name="log">Gets what is done.</param>
internal sealed class ExperimentWorker(
    DmcpExperimentSettings settings, ExperimentStore store, ExperimentFolder folder, SharedWeightsRun sharedWeights, TrialRun trials,
    Halving halving, Action<StoredTrial> report, RunLog log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly ExperimentPlan _plan = new(settings);
    private readonly LivenessWatch _watch = new(settings.WorkerTimeout);

    /// <summary>Works until nothing is left.</summary>
    /// <exception cref="OperationCanceledException">The token is cancelled; what was begun is put down.</exception>
    public void Run(CancellationToken cancellation)
    {
        for (var pause = TimeSpan.FromMilliseconds(20); ; )
        {
            cancellation.ThrowIfCancellationRequested();
            if (store.Claim() is { } trial)
            {
                Work(trial, cancellation);
                continue;
            }
            var (dead, changed, isDone) = Plan();
            foreach (var one in dead)
            {
                log.Warning($"The worker of trial {one.Number} gives no sign of life any more: the trial goes on from its checkpoint.");
                store.TakeFrom(one);
            }
            if (isDone)
                return;
            if (changed || dead.Count > 0)
            {
                pause = TimeSpan.FromMilliseconds(20);
                continue;
            }
            cancellation.WaitHandle.WaitOne(pause);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private (IReadOnlyList<StoredTrial> Dead, bool Changed, bool IsDone) Plan()
    {
        IReadOnlyList<StoredTrial> dead = [];
        var isDone = false;
        var (stopped, changed) = store.Plan(all =>
        {
            (dead, var isOpen) = _watch.Look(all);
            var verdicts = halving.On(all);
            // Until it is known whether others work on what is begun, nothing is added that they would not add.
            var isIdle = verdicts.Count == 0 && !isOpen && all.All(t => t.State != DmcpTrialState.Waiting);
            var next = isIdle ? _plan.Next(all) : [];
            isDone = isIdle && next.Count == 0 && all.All(t => t.IsOver);
            return (verdicts, next);
        });
        foreach (var number in stopped)
        {
            folder.Tidy(number);
            Tell(store.Read(number));
        }
        return (dead, changed, isDone);
    }

    private void Work(StoredTrial trial, CancellationToken cancellation)
    {
        using var lease = new TrialLease(
            store, trial, settings.WorkerTimeout / 4, () => report(store.Read(trial.Number)), cancellation);
        log.Info(TextOf(trial));
        lease.Report();
        try
        {
            if (trial.Method == DmcpTrialMethod.SharedWeights)
            {
                sharedWeights.Run(lease);
                lease.Beat();
                lease.Change(s => s.End(trial.Number, DmcpTrialState.Completed, 0, null, null));
            }
            else
                trials.Run(lease, SharedOf(trial));
        }
        catch (OperationCanceledException) when (lease.IsLost)
        {
            log.Warning($"Another worker has taken over trial {trial.Number}, which this one goes on without.");
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException && lease.Failure is null && IsOfTrial(e))
        {
            log.Warning($"Trial {trial.Number} failed: {e.Message}");
            store.End(trial.Number, DmcpTrialState.Failed, trial.TrainedEpochs, null, e.Message);
        }
        catch (Exception)
        {
            PutDown(trial);
            lease.Failure?.Throw();
            throw;
        }
        lease.Failure?.Throw();
        Tell(store.Read(trial.Number));
    }

    private void Tell(StoredTrial trial)
    {
        log.Info(TextOf(trial));
        report(trial);
    }

    private static string TextOf(StoredTrial trial) =>
        $"Trial {trial.Number}, {trial.Method} of {trial.Network}: {trial.State}{(trial.Reason is null ? "" : $", {trial.Reason}")}.";

    private int? SharedOf(StoredTrial trial) => store.Read()
        .FirstOrDefault(t => (t.Method, t.Network, t.Seed) == (DmcpTrialMethod.SharedWeights, trial.Network, trial.Seed))?.Number;

    // Whoever goes on with it need not wait until this worker counts as dead; where the store fails, they do.
    private void PutDown(StoredTrial trial)
    {
        try
        {
            store.Release(trial.Number, DmcpTrialState.Waiting, trial.TrainedEpochs);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            log.Warning($"Trial {trial.Number} could not be put down: {e.Message}");
        }
    }

    /// <summary>Whether an exception says that the trial cannot be done, rather than that nothing can.</summary>
    private static bool IsOfTrial(Exception e) => e is InvalidOperationException or ArgumentException or FormatException;
}
