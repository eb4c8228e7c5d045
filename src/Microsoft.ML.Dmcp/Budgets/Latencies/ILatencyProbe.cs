namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>A network that is ready to run on images at hand.</summary>
internal interface ILatencyProbe : IDisposable
{
    /// <summary>Runs it once, to the end.</summary>
    void Run();
}
