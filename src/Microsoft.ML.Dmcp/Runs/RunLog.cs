namespace Microsoft.ML.Dmcp.Runs;

/// <summary>
/// Where a run says what it does and what it noticed, and hears that it shall end; the estimators connect it to ML.NET's log and cancellation.
/// </summary>
/// <param name="Info">Takes messages about progress.</param>
/// <param name="Warning">Takes messages about what the user should look at.</param>
internal sealed record RunLog(Action<string> Info, Action<string> Warning)
{
    /// <summary>Whether everything that was started in the surroundings of the run shall end.</summary>
    public Func<bool> IsCanceled { get; init; } = () => false;

    /// <summary>Whether the run shall end, by the token of its options or with its surroundings.</summary>
    public bool EndsRun(CancellationToken token) => token.IsCancellationRequested || IsCanceled();

    /// <summary>Ends the run if it shall end.</summary>
    /// <exception cref="OperationCanceledException">It shall.</exception>
    public void ThrowIfRunEnds(CancellationToken token)
    {
        if (EndsRun(token))
            throw new OperationCanceledException("The run was cancelled.", token);
    }
}
