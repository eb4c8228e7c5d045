using System.Diagnostics;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>Times networks: the median of many runs.</summary>
/// <param name="options">Engine, batch and threads; checked.</param>
internal sealed class LatencyMeter(LatencyOptions options)
{
    private const int WarmUps = 2, FewestRuns = 5, MostRuns = 200;

    /// <summary>The time of one run, in microseconds.</summary>
    /// <param name="network">The network.</param>
    /// <param name="most">About how long to measure.</param>
    /// <exception cref="OperationCanceledException">The measurement is cancelled.</exception>
    public double Microseconds(NetworkDescription network, TimeSpan most)
    {
        var whole = Stopwatch.StartNew();
        using var probe = options.Engine.Open(network, options.BatchSize, options.NumberOfThreads);
        for (var i = 0; i < WarmUps; i++)
            Run(probe);
        var times = new List<double>();
        while (times.Count < FewestRuns || (times.Count < MostRuns && whole.Elapsed < most))
            times.Add(Run(probe));
        times.Sort();
        return times[times.Count / 2];
    }

    private double Run(ILatencyProbe probe)
    {
        options.CancellationToken.ThrowIfCancellationRequested();
        var start = Stopwatch.GetTimestamp();
        probe.Run();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }
}
