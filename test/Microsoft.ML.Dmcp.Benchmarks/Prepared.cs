namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>A workload that is ready to run.</summary>
/// <param name="Iterate">One iteration.</param>
/// <param name="Release">Frees what was prepared.</param>
internal sealed record Prepared(Action Iterate, Action Release) : IDisposable
{
    /// <summary>Share of the time for which the work waited for its data; 0 where it needs none.</summary>
    public Func<double> WaitedShare { get; init; } = () => 0;

    public void Dispose() => Release();
}
