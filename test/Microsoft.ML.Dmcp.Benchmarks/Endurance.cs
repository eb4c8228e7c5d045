using System.Diagnostics;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Runs a workload for long and looks at the memory now and then.</summary>
internal static class Endurance
{
    /// <summary>The share of the iterations after which memory should no longer grow.</summary>
    public const double Settled = 0.2;

    private static readonly double[] Shares = [0.05, 0.1, Settled, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>The samples, as they are taken.</summary>
    public static IEnumerable<EnduranceSample> Run(Workload workload, int iterations)
    {
        using var prepared = workload.Prepare();
        var watch = Stopwatch.StartNew();
        var done = 0;
        foreach (var share in Shares)
        {
            for (; done < share * iterations; done++)
                prepared.Iterate();
            yield return new EnduranceSample(
                done, watch.Elapsed.TotalSeconds, Machine.ResidentMegabytes, GC.GetGCMemoryInfo().HeapSizeBytes / 1048576.0);
        }
    }
}
