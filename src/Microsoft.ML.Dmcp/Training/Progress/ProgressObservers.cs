using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>The metrics callbacks of a run. One that cannot write ends no run, and keeps no other from its report.</summary>
/// <param name="callback">The callbacks; null for none.</param>
/// <param name="log">Gets a warning of each failure to write.</param>
internal sealed class ProgressObservers(Action<TrainingProgress>? callback, RunLog log)
{
    private readonly HashSet<string> _warned = [];

    /// <summary>Calls them.</summary>
    /// <exception cref="ObserverException">One threw something other than a failure to write.</exception>
    public void Notify(TrainingProgress progress)
    {
        foreach (var observer in Delegate.EnumerateInvocationList(callback))
        {
            try
            {
                observer(progress);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_warned.Add(e.Message))
                    log.Warning($"A MetricsCallback failed: {e.Message} The run continues.");
            }
            catch (Exception e)
            {
                throw new ObserverException(e);
            }
        }
    }
}
