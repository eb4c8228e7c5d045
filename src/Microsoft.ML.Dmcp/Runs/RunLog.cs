using Microsoft.ML.Dmcp.Runs.Communication;

namespace Microsoft.ML.Dmcp.Runs;

/// <summary>
/// Where a run logs what it does and what it noticed, and hears that it is cancelled; the estimators connect it to ML.NET's log and
/// cancellation.
/// </summary>
/// <param name="Info">Takes messages about progress.</param>
/// <param name="Warning">Takes messages about what the user should look at.</param>
internal sealed record RunLog(Action<string> Info, Action<string> Warning)
{
    /// <summary>A log that drops all messages, of a run that nobody cancels.</summary>
    public static RunLog None { get; } = new(_ => { }, _ => { });

    /// <summary>Cancels this run.</summary>
    public CancellationToken Token { get; init; }

    /// <summary>Whether everything around the run is cancelled, as <c>MLContext.CancelExecution</c> does it.</summary>
    public Func<bool> IsCanceledAround { get; init; } = () => false;

    /// <summary>Whether the run is cancelled, by its token or with everything around it.</summary>
    public bool IsCanceled => Token.IsCancellationRequested || IsCanceledAround();

    /// <summary>Ends a cancelled run; with several ranks, all of them where one is cancelled.</summary>
    /// <param name="ranks">The ranks, all of which ask here; null for one process.</param>
    /// <exception cref="OperationCanceledException">It is cancelled.</exception>
    public void ThrowIfCanceled(Ranks? ranks = null)
    {
        if (ranks?.Any(IsCanceled) ?? IsCanceled)
            throw new OperationCanceledException("The run was cancelled.", Token);
    }
}
