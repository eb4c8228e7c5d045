using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using Microsoft.ML.Dmcp.Training.Retraining;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

public sealed class ValidationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-validation").FullName;
    private readonly ImageSet _set = TestImages.Set(96, seed: 1);
    // Every label is wrong: the better the network gets, the worse it looks here.
    private readonly ImageSet _wrong;
    private readonly ImageSet _validation = TestImages.Set(64, seed: 2);
    private readonly BatchSource _batches;
    private readonly NetworkDescription _network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
    private readonly int[] _widths;

    public ValidationTests()
    {
        _wrong = _validation with { Labels = _validation.Labels.Select(l => (l + 1) % TestImages.Classes).ToArray() };
        _batches = new BatchSource(_set.Shape, Normalization.Of(_set), CPU);
        _widths = UniformScaling.Find(_network, Budget.FlopsRatio(0.5)).WidthsFor(_network);
    }

    public void Dispose()
    {
        _batches.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(RetrainMethod.FromScratch)]
    [InlineData(RetrainMethod.Slimmable)]
    public void The_epoch_with_the_best_validation_accuracy_is_kept(RetrainMethod method)
    {
        var accuracies = new List<double>();
        using var network = Train(method, epochs: 6, _ => { }, p => accuracies.AddRange(p.ValidationAccuracy is { } a ? [a] : []));
        Assert.Equal(6, accuracies.Count);
        Assert.True(accuracies.Max() > accuracies[^1], string.Join(' ', accuracies));
        // The slimmable method calibrates once more, on other batches, when it is done.
        var isSlimmable = method == RetrainMethod.Slimmable;
        var validation = new ImageBatches(_wrong, _batches, 16);
        var best = Evaluation.Accuracy(network, null, validation, RunLog.None);
        Assert.Equal(accuracies.Max(), best, isSlimmable ? 0.1 : 1e-9);
        using var kept = Train(method, epochs: 6, _ => { }, keepsBest: false);
        var last = Evaluation.Accuracy(kept, null, validation, RunLog.None);
        Assert.Equal(accuracies[^1], last, isSlimmable ? 0.3 : 1e-9);
    }

    [Fact]
    public void A_training_that_gets_no_better_ends_early_but_not_before_its_patience()
    {
        var accuracies = new List<double>();
        using var network = Train(
            RetrainMethod.FromScratch,
            epochs: 40,
            _ => { },
            p => accuracies.AddRange(p.ValidationAccuracy is { } a ? [a] : []),
            patience: 3,
            wrong: false);
        Assert.InRange(accuracies.Count, 4, 39);
        Assert.Equal(accuracies.Count - 1 - 3, accuracies.IndexOf(accuracies.Max()));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(4, 6)]
    [InlineData(5, 3)]
    public void A_stopped_training_resumes_with_its_best_epoch_in_mind(int epoch, int batch)
    {
        var path = Path.Combine(_folder, "checkpoint");
        using var whole = Train(RetrainMethod.FromScratch, epochs: 6, _ => { });
        using var cancel = new CancellationTokenSource();
        void Cancels(TrainingProgress p)
        {
            if ((p.Epoch, p.Batch) == (epoch, batch))
                cancel.Cancel();
        }
        Assert.Throws<OperationCanceledException>(() => Train(RetrainMethod.FromScratch, epochs: 6, o =>
        {
            o.CheckpointPath = path;
            o.CancellationToken = cancel.Token;
        }, Cancels));
        for (var again = 0; again < 2; again++)
        {
            using var resumed = Train(RetrainMethod.FromScratch, epochs: 6, o => o.CheckpointPath = path);
            foreach (var ((name, expected), (_, value)) in whole.state_dict().Zip(resumed.state_dict()))
                Assert.True(expected.sub(value).abs().max().ToDouble() == 0, name);
        }
    }

    [Fact]
    public void A_share_put_aside_takes_as_much_of_every_class_and_nothing_twice()
    {
        var (rest, aside) = _set.Split(0.25, new RandomSource(1), "Share");
        Assert.Equal((72, 24), (rest.Count, aside.Count));
        Assert.All(Enumerable.Range(0, TestImages.Classes), c => Assert.Equal(6, aside.Labels.Count(l => l == c)));
        Assert.Equal(96, PixelsOf(rest).Concat(PixelsOf(aside)).Distinct().Count());
        Assert.All(
            Enumerable.Range(0, TestImages.Classes),
            c => Assert.Contains(c, _set.Split(0.999, new RandomSource(1), "Share").Training.Labels));

        static IEnumerable<string> PixelsOf(ImageSet set) => Enumerable.Range(0, set.Count).Select(i => Convert.ToHexString(set.Images[i]));
    }

    [Fact]
    public void Class_weights_multiply_each_images_share_of_the_loss()
    {
        using var scope = NewDisposeScope();
        var scores = Noise.Normal(11, 6, 3).to(ScalarType.Float32);
        var labels = tensor(new long[] { 0, 0, 1, 2, 2, 2 });
        var set = new ImageSet(_set.Shape, _set.Images.Pick(Enumerable.Range(0, 3)), [0, 1, 2], 3) { ClassNames = ["a", "b", "c"] };
        var options = new TestTrainingOptions { ClassWeights = new Dictionary<string, double> { ["b"] = 4, ["c"] = 0.5 } };
        using var loss = new ClassificationLoss(options, set, CPU);
        var each = scores.log_softmax(1).data<float>().ToArray();
        double Of(int row, int label) => -each[row * 3 + label];
        var expected = (Of(0, 0) + Of(1, 0) + 4 * Of(2, 1) + 0.5 * (Of(3, 2) + Of(4, 2) + Of(5, 2))) / (1 + 1 + 4 + 1.5);
        Assert.Equal(expected, loss.Of(scores, labels).ToDouble(), 1e-5);
    }

    [Fact]
    public void Balanced_classes_all_count_the_same_however_rare_they_are()
    {
        var set = new ImageSet(
            _set.Shape, _set.Images.Pick(Enumerable.Range(0, 10)), [0, 0, 0, 0, 0, 0, 1, 1, 2, 3], 4) { ClassNames = ["a", "b", "c", "d"] };
        using var scope = NewDisposeScope();
        // Equal scores: every image loses log 4, whatever it weighs; the gradient shows the weights.
        Tensor Gradient(TestTrainingOptions options)
        {
            using var loss = new ClassificationLoss(options, set, CPU);
            var scores = zeros([10L, 4]).requires_grad_();
            loss.Of(scores, tensor(set.Labels.Select(l => (long)l).ToArray())).backward();
            return scores.grad!;
        }
        var balanced = Gradient(new TestTrainingOptions { BalanceClasses = true });
        var pull = Enumerable.Range(0, 4)
            .Select(c => Enumerable.Range(0, 10).Where(i => set.Labels[i] == c).Sum(i => -balanced[i, c].ToDouble())).ToArray();
        Assert.All(pull, p => Assert.Equal(pull[0], p, 1e-5));
        var weighted = Gradient(new TestTrainingOptions { ClassWeights = new Dictionary<string, double> { ["d"] = 5 } });
        Assert.Equal(5, weighted[9, 3].ToDouble() / weighted[8, 2].ToDouble(), 1e-4);
        var unknown = new TestTrainingOptions { ClassWeights = new Dictionary<string, double> { ["e"] = 5 } };
        Assert.Contains("'e'", Assert.Throws<ArgumentOutOfRangeException>(() => unknown.CheckClasses(set.ClassNames)).Message);
    }

    private SlimmableNetwork Train(
        RetrainMethod method, int epochs, Action<TrainingOptions> change, Action<TrainingProgress>? report = null, int? patience = null,
        bool keepsBest = true, bool wrong = true)
    {
        var options = new TestTrainingOptions
        {
            NumberOfEpochs = epochs,
            BatchSize = 16,
            MetricsCallback = report,
            LearningRate = new LearningRateSchedule(Peak: 2e-3),
        };
        change(options);
        var validationImages = new ImageBatches(wrong ? _wrong : _validation, _batches, 16);
        using var validation = new Validation(validationImages, patience, keepsBest, RunLog.None);
        var plan = new RetrainPlan(_network, RetrainingTests.First(_widths), method, RandomSubNetworks: 1);
        var images = new ImageBatches(_set, _batches, options.BatchSize);
        var log = RunLog.None with { Token = options.CancellationToken };
        return new Retrainer(plan, options, images, seed: 1, log).Run(validation);
    }
}
