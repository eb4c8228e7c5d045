using System.Globalization;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dais;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Retraining;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Ranks;

/// <summary>
/// Trainings and searches of 50 iterations, or of a few. Rank 0 prints the loss of every iteration and what came out: the numbers of one
/// process and of several are compared. A line is a case, what the number is, the iteration or index, and the number.
/// </summary>
internal static class Equality
{
    private const int Epochs = 10, Batch = 32, Images = 5 * Batch + 7, Seed = 3, Few = 2;
    private const string Unprinted = "";

    private static readonly NetworkArchitecture WithoutNorms = new("plain", net =>
    {
        var x = net.ReLU(net.Conv(net.Input, 12, 3, bias: true));
        x = net.ReLU(net.Conv(x, 20, 3, stride: 2, bias: true));
        x = net.Dropout(net.Flatten(net.AveragePool(x, 2)), 0.3);
        net.Linear(x, net.Classes);
    });

    private static readonly NetworkArchitecture WithShortcut = new("shortcut", net =>
    {
        var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 12, 3)));
        var y = net.BatchNorm(net.Conv(net.ReLU(net.BatchNorm(net.Conv(x, 12, 3))), 12, 3));
        x = net.ReLU(net.Add(y, net.DepthwiseConv(x, 3)));
        net.Linear(net.GlobalAveragePool(x), net.Classes);
    });

    /// <summary>Runs all cases.</summary>
    /// <param name="communicator">The ranks; null for one process.</param>
    /// <param name="wholeNetwork">Checkpoint for runs that begin with given weights; null for none of these.</param>
    public static void Run(ICommunicator? communicator, string? wholeNetwork)
    {
        using var ranks = communicator is { Size: > 1 } ? new Runs.Communication.Ranks(communicator, synchronizesNorms: true) : null;
        Retrain(ranks, "retrain", TestImages.Network, FromScratch, o => (o.RandomHorizontalFlip, o.RandomCropPadding) = (true, 2));
        Retrain(ranks, "without norms", WithoutNorms, FromScratch, o => (o.BalanceClasses, o.LabelSmoothing) = (true, 0.1));
        Search(ranks, "dmcp", new DmcpSearchOptions { WarmUpShare = 0.2, ArchitectureLearningRate = new(0.1), EvaluationShare = 0 });
        Search(ranks, "dais", new DaisSearchOptions { NumberOfEpochs = 25 });
        Search(ranks, "autoslim", new AutoSlimOptions { NumberOfEpochs = Few });
        Search(ranks, "taylor", new FilterPruningOptions
        {
            NumberOfEpochs = Few,
            Criterion = FilterCriterion.Taylor,
            Scope = PruningScope.Global,
        });
        Retrain(ranks, "shortcut", WithShortcut, FromScratch, o => o.NumberOfEpochs = Few);
        Retrain(ranks, "bfloat16", TestImages.Network, FromScratch, o =>
            (o.Precision, o.NumberOfEpochs) = (TrainingPrecision.BFloat16, Few));
        if (wholeNetwork is not null)
            RunWithGivenWeights(ranks, wholeNetwork);
    }

    /// <summary>Runs that begin with the weights of a trained network, which one process trains where they are missing.</summary>
    private static void RunWithGivenWeights(Runs.Communication.Ranks? ranks, string wholeNetwork)
    {
        var pretrained = wholeNetwork + ".pretrained";
        if (!File.Exists(wholeNetwork))
        {
            Retrain(ranks, Unprinted, TestImages.Network, FromScratch, o => (o.CheckpointPath, o.NumberOfEpochs) = (wholeNetwork, Few));
            WriteAsPretrained(wholeNetwork, pretrained);
        }
        // Sorted by Taylor, and taught by the frozen network.
        Retrain(ranks, "fine-tuning", TestImages.Network,
            n => Halved(n, RetrainMethod.FineTuning) with { DistillationWeight = 0.7, DistillationTemperature = 2 },
            o => (o.NumberOfEpochs, o.BalanceClasses) = (Few, true));
        Retrain(ranks, "slimmable", TestImages.Network, n => Halved(n, RetrainMethod.Slimmable), o => o.NumberOfEpochs = Few);
        Retrain(ranks, "other classes", TestImages.Network, n => Halved(n, RetrainMethod.FineTuning) with { WeightsPath = pretrained },
            o => o.NumberOfEpochs = Few, classes: TestImages.Classes - 1);
        foreach (var precision in Enum.GetValues<TrainingPrecision>())
            Search(ranks, $"dmcp of given weights, {precision}", new DmcpSearchOptions
            {
                NumberOfEpochs = 4,
                WeightsPath = wholeNetwork,
                ArchitectureLearningRate = new(0.1),
                SeparateArchitectureImages = true,
                FallBackToUniform = true,
                EvaluationShare = 0.25,
                BalanceClasses = true,
                Precision = precision,
            });

        RetrainPlan Halved(NetworkDescription network, RetrainMethod method)
        {
            var widths = UniformScaling.Find(network, Budget.FlopsRatio(0.5)).WidthsFor(network);
            return new RetrainPlan(network, Kept(widths), method, wholeNetwork, RandomSubNetworks: 2);
        }
    }

    private static void WriteAsPretrained(string wholeNetwork, string path)
    {
        var network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        using var weights = SlimmableNetwork.Blank(network, CPU);
        CheckpointFile.LoadWeights(wholeNetwork, weights);
        var identity = new CheckpointIdentity(
            CheckpointIdentity.Pretrained, 0, network.ToJson(), "0 none", new Dictionary<string, string>());
        CheckpointFile.Write(path, identity, weights.SaveWeights);
    }

    private static RetrainPlan FromScratch(NetworkDescription network) => new(network, Kept(network.FullWidths), RetrainMethod.FromScratch);

    private static int[][] Kept(IEnumerable<int> widths) => widths.Select(w => Enumerable.Range(0, w).ToArray()).ToArray();

    private static void Retrain(
        Runs.Communication.Ranks? ranks, string name, NetworkArchitecture architecture, Func<NetworkDescription, RetrainPlan> plan,
        Action<TrainingOptions> change, int classes = TestImages.Classes)
    {
        var options = Common(ranks, name, new PrunedRetrainOptions());
        options.NumberOfEpochs = Epochs;
        change(options);
        var set = Set(classes);
        using var source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var images = new ImageBatches(set, source, Batch) { Ranks = ranks };
        var network = architecture.Describe(3, TestImages.Size, TestImages.Size, set.Classes);
        using var trained = new Retrainer(plan(network), options, images, Seed, RunLog.None).Run();
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
        var set = options.BalanceClasses ? Set(TestImages.Classes) : TestImages.Set(Images, seed: 1);
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
        if (found.Comparison is { } comparison)
            foreach (var (i, value) in ((double[])[comparison.Found, comparison.Uniform, comparison.KeptUniform ? 1 : 0]).Index())
                Print(ranks, name, "comparison", i, value);
        Describe(ranks, name);
    }

    /// <summary>Images of classes of which the first has most.</summary>
    private static ImageSet Set(int classes)
    {
        var set = TestImages.Set(Images, seed: 1);
        return set with { Labels = set.Labels.Select((l, i) => l >= classes || i % 3 == 0 ? 0 : l).ToArray(), Classes = classes };
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
        if (name != Unprinted && ranks is not { IsFirst: false })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}|{what}|{index}|{value:R}"));
    }

    private static void Describe(Runs.Communication.Ranks? ranks, string name)
    {
        if (ranks is { IsFirst: true })
            Console.Error.WriteLine($"{name}: {ranks.Traffic.Describe(50)}");
    }
}
