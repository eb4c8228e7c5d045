using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Estimators;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>What the unpruned network learned reaches the pruned one.</summary>
public sealed class FrozenTeacherTests : PipelineTest
{
    private readonly List<string> _messages = [];

    private IDataView Data => ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));

    private string Unpruned => Path.Combine(Folder, "unpruned");

    [Fact]
    public void All_networks_of_the_sandwich_learn_from_the_teacher_and_none_from_another()
    {
        using var network = new SlimmableNetwork(SmallNetworks.Describe("residual"), CPU, new RandomSource(4), ScalarType.Float64);
        using var teacher = new FrozenTeacher(new SlimmableNetwork(network.Description, CPU, new RandomSource(5), ScalarType.Float64));
        using var scope = NewDisposeScope();
        var images = Noise.Normal(6, 6, 3, 12, 12).to(ScalarType.Float64);
        int[][] widths = [network.Description.Groups.Select(g => Math.Max(1, g.Channels / 2)).ToArray()];
        var target = teacher.Probabilities(images, 2);
        network.Run(images, new NetworkPass(NormStatistics.Batch)).div(2).log_softmax(1).mul(target).sum(1).mean().mul(-4).backward();
        network.Run(images, new NetworkPass(NormStatistics.Batch, widths[0])).div(2).log_softmax(1).mul(target).sum(1).mean().mul(-4)
            .backward();
        var expected = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        var before = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
        foreach (var parameter in network.parameters())
            parameter.grad!.zero_();

        var options = new TestTrainingOptions { LearningRate = new LearningRateSchedule(1, 1), Momentum = 0, WeightDecay = 0 };
        using var optimizer = new WeightOptimizer(network, options, 1);
        using var loss = new ClassificationLoss(options, TestImages.Set(4, seed: 1), CPU);
        using var means = RunningMeans.OfTraining(CPU);
        new SandwichStep(network, optimizer, new Distillation(2, 1, HardLabel: false), loss, means) { Teacher = teacher }
            .Run(new Dmcp.Data.Batches.ImageBatch(images, tensor(new long[] { 0, 1, 2, 3, 0, 1 })), widths, 0);
        Assert.All(network.named_parameters(), p =>
            Assert.True(before[p.name].sub(p.parameter.detach()).sub(expected[p.name]).abs().max().ToDouble() < 1e-9, p.name));
    }

    [Fact]
    public void A_pruned_network_learns_from_what_the_search_before_it_learned_from()
    {
        TrainUnpruned();
        var search = SearchSettings(epochs: 2);
        (search.WeightsPath, search.CheckpointPath) = (Unpruned, Path.Combine(Folder, "search"));
        var tune = Retrain(epochs: 1);
        tune.Method = RetrainMethod.FineTuning;
        ML.Log += (_, e) => _messages.Add(e.Message);
        Label().Append(ML.Transforms.DmcpSearch(search)).Append(ML.Transforms.PrunedRetrain(tune)).Fit(Data);
        Assert.Contains(_messages, m => m.Contains("learns from the unpruned one", StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_without_a_classifier_of_these_classes_are_refused_as_a_teacher()
    {
        TrainUnpruned();
        var tune = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(0.5)), epochs: 1);
        (tune.Method, tune.WeightsPath, tune.TeacherPath) = (RetrainMethod.FineTuning, Unpruned, Pretrained());
        var error = Assert.Throws<InvalidOperationException>(() => Label().Append(ML.Transforms.PrunedRetrain(tune)).Fit(Data));
        Assert.Contains("no classifier of these 4 classes", error.Message, StringComparison.Ordinal);
        tune.TeacherPath = Path.Combine(Folder, "nowhere");
        Assert.Contains("TeacherPath", Assert.Throws<ArgumentOutOfRangeException>(
            () => Label().Append(ML.Transforms.PrunedRetrain(tune)).Fit(Data)).Message, StringComparison.Ordinal);
    }

    private void TrainUnpruned()
    {
        var whole = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(1)), epochs: 2);
        whole.CheckpointPath = Unpruned;
        Label().Append(ML.Transforms.PrunedRetrain(whole)).Fit(Data).LastTransformer.Dispose();
    }

    /// <summary>Pre-trained weights of the network for other classes.</summary>
    private string Pretrained()
    {
        var path = Path.Combine(Folder, "pretrained");
        var others = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, 7);
        using var network = new SlimmableNetwork(others, CPU, new RandomSource(1));
        var identity = new CheckpointIdentity(
            CheckpointIdentity.Pretrained, 0, others.ToJson(), "0 none", new Dictionary<string, string>());
        CheckpointFile.Write(path, identity, network.SaveWeights);
        return path;
    }
}
