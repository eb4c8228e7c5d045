using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>One iteration of a search (four sub-networks with distillation, weight step, α step with the release's log_l1), and of a retraining.</summary>
internal static class TrainingWorkloads
{
    // Forward, gradient of the inputs, gradient of the weights: three times the multiply-adds of a forward pass.
    private const int TrainingPasses = 3;

    public static IEnumerable<Workload> All =>
    [
        .. Of("resnet18", NetworkZoo.ResNet(18), new WidthRange(), size: 64, batch: 32, classes: 100),
        .. Of("mobilenetv2", NetworkZoo.MobileNetV2(1.5), new WidthRange(0.1, 1.5, 0.1), size: 64, batch: 32, classes: 100),
        .. Of("resnet50", NetworkZoo.ResNet(50), new WidthRange(), size: 64, batch: 32, classes: 100),
        .. Of("cifar-resnet20", NetworkZoo.CifarResNet(20), new WidthRange(), size: 32, batch: 128, classes: 10),
    ];

    private sealed class Options : DmcpSearchOptions;

    private static IEnumerable<Workload> Of(string name, NetworkArchitecture architecture, WidthRange widths, int size, int batch, int classes)
    {
        var network = architecture.Describe(3, size, size, classes);
        var (full, least) = (Cost(network, network.FullWidths), Cost(network, network.Groups.Select(g => ChannelBlocks.Divide(g.Channels, widths).MinChannels).ToArray()));
        // Random sub-networks cost about a third of the network. The α step needs no gradient of the weights.
        var search = batch * (TrainingPasses * (full + least + 2.0 / 3 * full) + 2 * full);
        yield return new Workload("search-" + name, $"search iteration, {architecture.Name}, {size}x{size}, batch {batch}", batch, () => Search(architecture, network, widths, batch), search);
        yield return new Workload("train-" + name, $"training iteration, {architecture.Name}, {size}x{size}, batch {batch}", batch, () => Train(network, batch), batch * TrainingPasses * full);
    }

    private static double Cost(NetworkDescription network, IReadOnlyList<int> widths) => NetworkCost.Flops(network).Count(widths);

    private static Prepared Search(NetworkArchitecture architecture, NetworkDescription network, WidthRange widths, int batchSize)
    {
        var (set, options) = (RandomImages.Set(batchSize, network.Input.Height, network.Classes), new Options
        {
            Network = architecture,
            Widths = widths,
            Budget = Budget.FlopsRatio(0.5),
            BudgetLoss = BudgetLossKind.LogL1,
            WarmUpShare = 0,
            // As the release does: nearly all sub-networks are drawn uniformly while the search is young.
            SearchSampling = SubNetworkSampling.Scheduled,
            BatchSize = batchSize,
        });
        var batches = new BatchSource(set.Shape, Normalization.Of(set), Device);
        var search = new DmcpSearch(new SearchTask(network, set, batches, 1, Silent), options);
        var batch = batches.Make(set, Enumerable.Range(0, batchSize).ToArray(), Augmentation.None, null);
        return Stepping(search, batch, search, batches);
    }

    private static Prepared Train(NetworkDescription description, int batchSize)
    {
        var set = RandomImages.Set(batchSize, description.Input.Height, description.Classes);
        var batches = new BatchSource(set.Shape, Normalization.Of(set), Device);
        var network = new SlimmableNetwork(description, Device, new RandomSource(1));
        var trainer = new NetworkTrainer(network, new Options { BatchSize = batchSize }, iterations: 1000, set);
        var batch = batches.Make(set, Enumerable.Range(0, batchSize).ToArray(), Augmentation.None, null);
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

    private static Device Device => cuda.is_available() ? CUDA : CPU;

    private static RunLog Silent { get; } = new(_ => { }, _ => { });
}
