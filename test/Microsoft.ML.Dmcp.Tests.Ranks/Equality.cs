using System.Globalization;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dais;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Retraining;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>
/// Trainings and searches of 50 iterations. Rank 0 prints the loss of every iteration and what came out: the numbers of one process and of
/// several are compared. A line is a case, what the number is, the iteration or index, and the number.
/// </summary>
internal static class Equality
{
    private const int Epochs = 10, Batch = 32, Images = 5 * Batch + 7, Seed = 3;

    private static readonly NetworkArchitecture WithoutNorms = new("plain", net =>
    {
        var x = net.ReLU(net.Conv(net.Input, 12, 3, bias: true));
        x = net.ReLU(net.Conv(x, 20, 3, stride: 2, bias: true));
        x = net.Dropout(net.Flatten(net.AveragePool(x, 2)), 0.3);
        net.Linear(x, net.Classes);
    });

    public static void Run(ICommunicator? communicator)
    {
        using var ranks = communicator is { Size: > 1 } ? new Runs.Communication.Ranks(communicator, synchronizesNorms: true) : null;
        Retrain(ranks, "retrain", TestImages.Network, o => (o.RandomHorizontalFlip, o.RandomCropPadding) = (true, 2));
        Retrain(ranks, "without norms", WithoutNorms, o => (o.BalanceClasses, o.LabelSmoothing) = (true, 0.1));
        Search(ranks, "dmcp", new DmcpSearchOptions { WarmUpShare = 0.2, ArchitectureLearningRate = new(0.1), EvaluationShare = 0 });
        Search(ranks, "dais", new DaisSearchOptions { NumberOfEpochs = 25 });
        Search(ranks, "autoslim", new AutoSlimOptions { NumberOfEpochs = 2 });
        Search(ranks, "taylor", new FilterPruningOptions
        {
            NumberOfEpochs = 2,
            Criterion = FilterCriterion.Taylor,
            Scope = PruningScope.Global,
        });
    }

    private static void Retrain(
        Runs.Communication.Ranks? ranks, string name, NetworkArchitecture architecture, Action<TrainingOptions> change)
    {
        var options = Common(ranks, name, new PrunedRetrainOptions());
        options.NumberOfEpochs = Epochs;
        change(options);
        var set = TestImages.Set(Images, seed: 1);
        set = set with { Labels = set.Labels.Select(l => l == 3 ? 0 : l).ToArray(), Classes = 3 };
        using var source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var images = new ImageBatches(set, source, Batch) { Ranks = ranks };
        var network = architecture.Describe(3, TestImages.Size, TestImages.Size, set.Classes);
        var plan = new RetrainPlan(
            network, network.FullWidths.Select(w => Enumerable.Range(0, w).ToArray()).ToArray(), RetrainMethod.FromScratch);
        using var trained = new Retrainer(plan, options, images, Seed, RunLog.None).Run();
        Print(ranks, name, "accuracy", 0, Evaluation.Accuracy(trained, null, images, RunLog.None));
        Describe(ranks, name);
    }

    private static void Search(Runs.Communication.Ranks? ranks, string name, ChannelSearchOptions options)
    {
        Common(ranks, name, options);
        options.Network = TestImages.Network;
        options.Budget = Budget.FlopsRatio(0.5);
        if (options.NumberOfEpochs == TrainingOptions.DefaultNumberOfEpochs)
            options.NumberOfEpochs = Epochs;
        var set = TestImages.Set(Images, seed: 1);
        using var source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var network = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var images = new ImageBatches(set, source, Batch) { Ranks = ranks };
        using var search = SearchMethods.Create(options, new SearchTask(network, images, Seed, RunLog.None));
        var found = search.Run();
        if (search is DmcpSearch dmcp)
            foreach (var (i, alpha) in dmcp.Model.AlphaOnHost().Cast<double>().Index())
                Print(ranks, name, "alpha", i, alpha);
        if (search is DaisSearch dais)
            foreach (var (i, beta) in dais.Indicators.OnHost().SelectMany(g => g).Index())
                Print(ranks, name, "beta", i, beta);
        foreach (var (i, group) in found.Config.Groups.Index())
            Print(ranks, name, "width", i, group.Width);
        Describe(ranks, name);
    }

    private static T Common<T>(Runs.Communication.Ranks? ranks, string name, T options) where T : TrainingOptions
    {
        options.BatchSize = Batch;
        options.LearningRate = new(0.02, 0, 0.002, 0.1);
        var (sum, architecture) = (0.0, 0.0);
        options.MetricsCallback = p =>
        {
            if (p.Phase == TrainingPhase.Choose)
                return;
            // Reports are means over the epoch so far.
            if (p.Batch == 1)
                (sum, architecture) = (0, 0);
            var iteration = (p.Epoch - 1) * p.Batches + p.Batch - 1;
            Print(ranks, name, "loss", iteration, p.Loss * p.Batch - sum);
            sum = p.Loss * p.Batch;
            if (p.ArchitectureLoss is not { } loss)
                return;
            Print(ranks, name, "architecture loss", iteration, loss * p.Batch - architecture);
            architecture = loss * p.Batch;
        };
        return options;
    }

    private static void Print(Runs.Communication.Ranks? ranks, string name, string what, int index, double value)
    {
        if (ranks is null or { IsFirst: true })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}|{what}|{index}|{value:R}"));
    }

    private static void Describe(Runs.Communication.Ranks? ranks, string name)
    {
        if (ranks is { IsFirst: true })
            Console.Error.WriteLine($"{name}: {ranks.Traffic.Describe(50)}");
    }
}
