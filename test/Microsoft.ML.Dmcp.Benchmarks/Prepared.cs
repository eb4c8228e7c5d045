namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>A workload that is ready to run.</summary>
/// <param name="Iterate">One iteration.</param>
/// <param name="Release">Frees what was prepared.</param>
internal sealed record Prepared(Action Iterate, Action Release) : IDisposable
{
    public void Dispose() => Release();
}
