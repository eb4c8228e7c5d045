using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>A classifier that begins fresh beside given weights must not spoil them.</summary>
public sealed class FreshClassifierTests : IDisposable
{
    private readonly BatchSource _source;
    private readonly ImageBatches _images;
    private readonly SlimmableNetwork _network = new(
        TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), CPU, new RandomSource(1));

    public FreshClassifierTests()
    {
        var set = TestImages.Set(64, seed: 1);
        _source = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        _images = new ImageBatches(set, _source, 16);
    }

    private string Classifier { get; } = TestImages.Network
        .Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes).Layers.OfType<LinearLayer>().Single().Name;

    public void Dispose()
    {
        _network.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void Given_weights_stand_still_until_the_fresh_classifier_is_warmed_up()
    {
        _network.FreshClassifier = Classifier;
        var options = new TestTrainingOptions { NumberOfEpochs = 3, ClassifierWarmUpEpochs = 2, WeightDecay = 0 };
        using var run = new NetworkTrainer(_network, options, _images, TrainingPhase.Retrain);
        using var scope = NewDisposeScope();
        // Four iterations are an epoch.
        for (var iteration = 0; iteration <= 8; iteration++)
        {
            var before = Copy();
            run.Step(_images.Make(Enumerable.Range(iteration * 4, 8).ToArray()), iteration);
            var moved = _network.named_parameters().Where(p => Distance(before[p.name], p.parameter) > 0).Select(p => p.name).ToArray();
            Assert.Contains(moved, IsOfClassifier);
            Assert.Equal(iteration == 8, moved.Any(name => !IsOfClassifier(name)));
        }
    }

    [Fact]
    public void A_fresh_classifier_learns_faster_than_given_weights_by_its_factor()
    {
        var ordinary = StepOf(null);
        var fresh = StepOf(Classifier);
        Assert.All(ordinary, step => Assert.Equal(
            IsOfClassifier(step.Key) ? 4 * step.Value : step.Value, fresh[step.Key],
            1e-5 * Math.Max(1e-3, step.Value)));

        Dictionary<string, double> StepOf(string? classifier)
        {
            using var network = new SlimmableNetwork(_network.Description, CPU, new RandomSource(2)) { FreshClassifier = classifier };
            var options = new TestTrainingOptions
            {
                LearningRate = new LearningRateSchedule(0.01, 0.01),
                ClassifierLearningRateFactor = 4,
                ClassifierWarmUpEpochs = 0,
                NumberOfEpochs = 1,
            };
            using var run = new NetworkTrainer(network, options, _images, TrainingPhase.Retrain);
            using var scope = NewDisposeScope();
            var before = network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());
            run.Step(_images.Make([0, 1, 2, 3, 4, 5, 6, 7]), 0);
            return network.named_parameters().ToDictionary(p => p.name, p => Distance(before[p.name], p.parameter));
        }
    }

    [Fact]
    public void One_epoch_is_left_for_all_weights_however_long_the_warm_up()
    {
        _network.FreshClassifier = Classifier;
        var options = new TestTrainingOptions { NumberOfEpochs = 1, ClassifierWarmUpEpochs = 9 };
        using var run = new NetworkTrainer(_network, options, _images, TrainingPhase.Retrain);
        using var scope = NewDisposeScope();
        var before = Copy();
        run.Step(_images.Make([0, 1, 2, 3]), 0);
        Assert.All(_network.named_parameters(), p => Assert.True(Distance(before[p.name], p.parameter) > 0, p.name));
    }

    [Fact]
    public void Given_weights_are_trained_gently_unless_someone_says_otherwise()
    {
        var fresh = new TestTrainingOptions();
        var given = new TestTrainingOptions { WeightsPath = "weights" };
        Assert.Equal(0.1, fresh.Schedule.Peak);
        Assert.Null(fresh.GradientLimit);
        Assert.Equal(0.01, given.Schedule.Peak);
        Assert.Equal(5, given.GradientLimit);
        given.LearningRate = new LearningRateSchedule(0.3);
        given.MaxGradientNorm = double.PositiveInfinity;
        given.Check();
        Assert.Equal(0.3, given.Schedule.Peak);
        Assert.Null(given.GradientLimit);
    }

    private bool IsOfClassifier(string name) => name.StartsWith(Classifier, StringComparison.Ordinal);

    private Dictionary<string, Tensor> Copy() => _network.named_parameters().ToDictionary(p => p.name, p => p.parameter.detach().clone());

    private static double Distance(Tensor before, Tensor after) => before.sub(after.detach()).abs().max().ToDouble();
}
