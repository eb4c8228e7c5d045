using System.Diagnostics;
using TorchSharp;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Measures a workload in this process.</summary>
internal static class Bench
{
    private const int WarmUps = 3;

    /// <summary>Runs it for at least so many iterations and so long.</summary>
    public static Measurement Measure(Workload workload, int iterations, double seconds)
    {
        var onProcessor = Machine.Device.type == DeviceType.CPU;
        using var prepared = workload.Prepare();
        prepared.Iterate();
        var first = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
        for (var i = 1; i < WarmUps; i++)
            prepared.Iterate();
        var times = new List<double>();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        while (times.Count < iterations || watch.Elapsed.TotalSeconds < seconds)
        {
            var before = watch.Elapsed;
            prepared.Iterate();
            times.Add((watch.Elapsed - before).TotalMilliseconds);
        }
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        var sorted = times.Order().ToArray();
        var median = Quantile(sorted, 0.5);
        return new Measurement
        {
            Workload = workload.Name,
            Description = workload.Description,
            Iterations = sorted.Length,
            MedianMilliseconds = median,
            LowMilliseconds = Quantile(sorted, 0.25),
            HighMilliseconds = Quantile(sorted, 0.75),
            ItemsPerSecond = workload.Items / median * 1000,
            AllocatedKilobytes = allocated / 1024.0 / sorted.Length,
            PeakMegabytes = onProcessor ? Machine.PeakMegabytes : null,
            FirstIterationSeconds = first,
            WaitedPercent = 100 * prepared.WaitedShare(),
            MultiplyAdds = workload.MultiplyAdds,
            GigaMultiplyAdds = workload.MultiplyAdds / median / 1e6,
            Precision = workload.Precision,
            Device = onProcessor ? "cpu" : "cuda",
            IsRate = workload.IsRate,
        };
    }

    /// <summary>A quantile of ascending numbers, interpolated.</summary>
    public static double Quantile(double[] sorted, double share)
    {
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        return sorted[below] + (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]) * (at - below);
    }
}
