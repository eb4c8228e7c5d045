using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>
/// One iteration of a search (four sub-networks with distillation, weight step, α step with the release's log_l1), and of a retraining.
/// </summary>
internal static class TrainingWorkloads
{
    // Forward, gradient of the inputs, gradient of the weights: three times the multiply-adds of a forward pass.
    private const int TrainingPasses = 3;

    public const string SearchKind = "search", TrainKind = "train";

    public static IEnumerable<Workload> Listed =>
        from network in new[] { "resnet18", "mobilenetv2@1.5", "resnet50", "cifar-resnet20:batch=128" }
        from kind in new[] { SearchKind, TrainKind }
        select Find($"{kind}:{network}");

    /// <summary>
    /// The workload of a name such as <c>search:cifar-resnet56@0.5:size=32:batch=64:classes=100</c>. Without them: size 64, batch 32
    /// and 100 classes; 32, 64 and 10 for networks of CIFAR. The parameter <c>precision</c> is float32 or bfloat16.
    /// </summary>
    /// <exception cref="ArgumentException">The name is not understood, or the zoo has no such network.</exception>
    public static Workload Find(string name)
    {
        var parts = new WorkloadName(name, "size", "batch", "classes", "precision");
        var isCifar = parts.Network.StartsWith("cifar-", StringComparison.Ordinal);
        var size = parts.Number("size", isCifar ? 32 : 64);
        var batch = parts.Number("batch", isCifar ? 64 : 32);
        var classes = parts.Number("classes", isCifar ? 10 : 100);
        var precision = parts.Word("precision", "float32") switch
        {
            "float32" => TrainingPrecision.Single,
            "bfloat16" => TrainingPrecision.BFloat16,
            var other => throw new ArgumentException($"The precision '{other}' of '{name}' is not float32 or bfloat16."),
        };
        var architecture = NetworkZoo.Find(parts.Network);
        // As the paper: MobileNetV2 1.5x is searched in 14 blocks of 0.1, all else in 9.
        var widths = parts.Network == "mobilenetv2@1.5" ? new WidthRange(0.1, 1.5, 0.1) : new WidthRange();
        var network = architecture.Describe(3, size, size, classes);
        var full = Cost(network, network.FullWidths);
        var suffix = precision == TrainingPrecision.Single ? "" : ", " + precision;
        var what = $"iteration, {architecture.Name}, {size}x{size}, batch {batch}, {classes} classes{suffix}";
        Workload Of(string kind, Func<Prepared> prepare, double multiplyAdds) =>
            new(
                name, $"{kind} {what}", batch, prepare,
                multiplyAdds) { Precision = precision == TrainingPrecision.Single ? "float32" : "bfloat16" };
        if (name.StartsWith(TrainKind, StringComparison.Ordinal))
            return Of("training", () => Train(network, batch, precision), batch * TrainingPasses * full);
        var least = Cost(network, network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, widths).MinChannels).ToArray());
        // Random sub-networks cost about a third of the network. The α step needs no gradient of the weights.
        return Of(
            "search",
            () => Search(architecture, network, widths, batch, precision),
            batch * (TrainingPasses * (full + least + 2.0 / 3 * full) + 2 * full));
    }

    private static double Cost(NetworkDescription network, IReadOnlyList<int> widths) => NetworkCost.Flops(network).Count(widths);

    private static Prepared Search(
        NetworkArchitecture architecture, NetworkDescription network, WidthRange widths, int batchSize, TrainingPrecision precision)
    {
        var (set, options) = (RandomImages.Set(batchSize, network.Input.Height, network.Classes), new DmcpSearchOptions
        {
            Network = architecture,
            Widths = widths,
            Budget = Budget.FlopsRatio(0.5),
            BudgetLoss = BudgetLossKind.LogL1,
            WarmUpShare = 0,
            // As the release does: nearly all sub-networks are drawn uniformly while the search is young.
            SearchSampling = SubNetworkSampling.Scheduled,
            BatchSize = batchSize,
            Precision = precision,
        });
        var batches = new BatchSource(set.Shape, Normalization.Of(set), Machine.Device);
        var search = new DmcpSearch(new SearchTask(network, new ImageBatches(set, batches, batchSize), 1, RunLog.None), options);
        var batch = batches.Make(set, Enumerable.Range(0, batchSize).ToArray(), AugmentationPlan.None, null).As(options.ComputingType);
        return Stepping(search.Training, batch, search, batches);
    }

    private static Prepared Train(NetworkDescription description, int batchSize, TrainingPrecision precision)
    {
        var set = RandomImages.Set(batchSize, description.Input.Height, description.Classes);
        var batches = new BatchSource(set.Shape, Normalization.Of(set), Machine.Device);
        var options = new DmcpSearchOptions { NumberOfEpochs = 1000, Precision = precision };
        var network = new SlimmableNetwork(description, Machine.Device, new RandomSource(1));
        var trainer = new NetworkTrainer(network, options, new ImageBatches(set, batches, batchSize), TrainingPhase.Train);
        var batch = batches.Make(set, Enumerable.Range(0, batchSize).ToArray(), AugmentationPlan.None, null).As(options.ComputingType);
        return Stepping(trainer, batch, trainer, network, batches);
    }

    private static Prepared Stepping(TrainingRun run, ImageBatch batch, params IDisposable[] owned)
    {
        var iteration = 0;
        return new Prepared(() =>
        {
            using (NewDisposeScope())
                run.Step(batch, iteration++ % 1000);
            // On a GPU the work is done once someone waits for it.
            run.Means.Read();
        }, () =>
        {
            batch.Images.Dispose();
            batch.Labels.Dispose();
            foreach (var item in owned)
                item.Dispose();
        });
    }

    private static RunLog Silent { get; } = new(_ => { }, _ => { });
}
