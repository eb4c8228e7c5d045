using System.Diagnostics;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>Iterations of a search or a training by several ranks that share a batch: what a rank computes, sends and waits for.</summary>
internal static class RankScaling
{
    private const int WarmUps = 3, Classes = 100;
    private const int TimesASum = 20;

    private static readonly int[] BytesOfSums = [8, 1 << 10, 64 << 10, 1 << 20, 25 << 20];

    /// <summary>A row of the table, of rank 0.</summary>
    /// <param name="name">A workload of <see cref="TrainingWorkloads"/> as <c>search:NETWORK:size=S:batch=B</c>; B of all ranks.</param>
    /// <param name="synchronizesNorms">Whether batch norms are those of the whole batch.</param>
    /// <param name="iterations">How many are measured.</param>
    /// <param name="communicator">The ranks; null for one process.</param>
    public static string Measure(string name, bool synchronizesNorms, int iterations, ICommunicator? communicator)
    {
        var parts = new WorkloadName(name, "size", "batch");
        var (size, batch) = (parts.Number("size", 32), parts.Number("batch", 64));
        using var ranks = communicator is { Size: > 1 } ? new Ranks(communicator, synchronizesNorms) : null;
        var set = RandomImages.Set(batch, size, Classes);
        using var source = new BatchSource(set.Shape, Normalization.Of(set), Machine.Device);
        var images = new ImageBatches(set, source, batch) { Ranks = ranks };
        var options = new DmcpSearchOptions
        {
            Network = NetworkZoo.Find(parts.Network),
            Budget = Budget.FlopsRatio(0.5),
            BatchSize = batch,
            NumberOfEpochs = 1000,
            WarmUpShare = 0,
            EvaluationShare = 0,
            SearchSampling = SubNetworkSampling.Uniform,
        };
        var description = options.Network.Describe(3, size, size, Classes);
        using var search = name.StartsWith(TrainingWorkloads.SearchKind, StringComparison.Ordinal)
            ? new DmcpSearch(new SearchTask(description, images, 1, RunLog.None), options) : null;
        using var network = search is null ? new SlimmableNetwork(description, Machine.Device, new RandomSource(1)) : null;
        using var training = search is null ? new NetworkTrainer(network!, options, images, TrainingPhase.Train) : null;
        TrainingRun run = search?.Training ?? (TrainingRun)training!;
        var pixels = source.Make(set, images.ShareOf(Enumerable.Range(0, batch).ToArray()), AugmentationPlan.None, null);
        var times = new List<double>();
        var (bytes, reducing, waiting) = (0L, TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < WarmUps + iterations; i++)
        {
            if (i == WarmUps && ranks is not null)
                (bytes, reducing, waiting) = (ranks.Traffic.Bytes, ranks.Traffic.Reducing, ranks.Traffic.Waiting);
            var start = Stopwatch.GetTimestamp();
            using (NewDisposeScope())
                run.Step(pixels, i);
            if (i >= WarmUps)
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        var median = Bench.Quantile([.. times.Order()], 0.5);
        if (ranks is null)
            return FormattableString.Invariant(
                $"| {name} | | 1 | {median:0.0} | {batch / median * 1000:0} | {Machine.PeakMegabytes:0} | | | |");
        reducing = ranks.Traffic.Reducing - reducing;
        var share = Math.Max(0, 1 - (ranks.Traffic.Waiting - waiting) / reducing);
        return FormattableString.Invariant(
            $"| {name} | {(synchronizesNorms ? "of the batch" : "of each rank")} | {ranks.Size} | {median:0.0} ") +
            FormattableString.Invariant($"| {batch / median * 1000:0} | {Machine.PeakMegabytes:0} ") +
            FormattableString.Invariant($"| {(ranks.Traffic.Bytes - bytes) / 1e6 / iterations:0.00} ") +
            FormattableString.Invariant($"| {reducing.TotalMilliseconds / iterations:0.0} | {100 * share:0} % |");
    }

    /// <summary>How long sums of some sizes take: a row each.</summary>
    public static IEnumerable<string> Sums(ICommunicator communicator)
    {
        foreach (var bytes in BytesOfSums)
        {
            using var values = zeros(bytes / sizeof(float));
            communicator.AllReduce(values);
            var times = new double[TimesASum];
            for (var i = 0; i < times.Length; i++)
            {
                communicator.Barrier();
                var start = Stopwatch.GetTimestamp();
                communicator.AllReduce(values);
                times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            var median = Bench.Quantile([.. times.Order()], 0.5);
            yield return FormattableString.Invariant($"| {bytes} | {median:0.000} | {bytes / 1e6 / median:0.000} |");
        }
    }
}
