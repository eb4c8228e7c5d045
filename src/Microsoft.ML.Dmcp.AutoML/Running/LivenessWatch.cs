using System.Diagnostics;
using Microsoft.ML.Dmcp.AutoML.Store;

namespace Microsoft.ML.Dmcp.AutoML.Running;

/// <summary>
/// Tells dead workers from living ones by their signs of life, counted, and by how long they stand still on this machine's monotonic clock:
/// no clocks are compared, and one that is set or jumps kills nobody.
/// </summary>
/// <param name="timeout">How long a worker may stand still.</param>
internal sealed class LivenessWatch(TimeSpan timeout)
{
    private readonly Dictionary<int, (string? Worker, long Beat, Stopwatch Still, bool Lives)> _seen = [];

    /// <summary>Looks at the trials that others have.</summary>
    /// <param name="trials">All trials.</param>
    /// <returns>Those whose worker is dead, and whether it is open of any whether its worker lives.</returns>
    public (IReadOnlyList<StoredTrial> Dead, bool IsOpen) Look(IReadOnlyList<StoredTrial> trials)
    {
        var dead = new List<StoredTrial>();
        var isOpen = false;
        foreach (var trial in trials.Where(t => t.State == DmcpTrialState.Running))
        {
            if (!_seen.TryGetValue(trial.Number, out var seen) || seen.Worker != trial.Worker)
                seen = (trial.Worker, trial.Beat, Stopwatch.StartNew(), false);
            else if (seen.Beat != trial.Beat)
                seen = (trial.Worker, trial.Beat, Stopwatch.StartNew(), true);
            else if (seen.Still.Elapsed > timeout)
                dead.Add(trial);
            _seen[trial.Number] = seen;
            isOpen |= !seen.Lives;
        }
        return (dead, isOpen);
    }
}
