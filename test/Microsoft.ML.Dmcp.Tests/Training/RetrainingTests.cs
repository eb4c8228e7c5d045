using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using Microsoft.ML.Dmcp.Training.Retraining;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

public sealed class RetrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-retraining").FullName;
    private readonly ImageSet _set = TestImages.Set(128, seed: 1);
    private readonly BatchSource _batches;
    private readonly NetworkDescription _network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
    private readonly int[] _widths;

    public RetrainingTests()
    {
        _batches = new BatchSource(_set.Shape, Normalization.Of(_set), CPU);
        _widths = UniformScaling.Find(_network, Budget.FlopsRatio(0.5)).WidthsFor(_network);
    }

    private string Unpruned => Path.Combine(_folder, "unpruned.checkpoint");

    public void Dispose()
    {
        _batches.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(RetrainMethod.FromScratch)]
    [InlineData(RetrainMethod.Slimmable)]
    [InlineData(RetrainMethod.FineTuning)]
    public void Every_way_to_train_gives_the_pruned_network_and_it_classifies(RetrainMethod method)
    {
        TrainUnpruned();
        using var network = Train(method, epochs: 6);
        Assert.Equal(
            NetworkCost.Flops(_network).Count(_widths), NetworkCost.Flops(network.Description).Count(network.Description.FullWidths));
        var test = TestImages.Set(100, seed: 2);
        Assert.InRange(Evaluation.Accuracy(network, null, new ImageBatches(test, _batches, 50), RunLog.None), 0.9, 1);
    }

    [Theory]
    [InlineData(RetrainMethod.FromScratch)]
    [InlineData(RetrainMethod.Slimmable)]
    [InlineData(RetrainMethod.FineTuning)]
    [InlineData(RetrainMethod.Calibration)]
    public void Not_one_tensor_more_lives_after_every_epoch_of_a_training_nor_after_the_training(RetrainMethod method)
    {
        TrainUnpruned();
        Run(null);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var counts = new List<long>();
        Run(counts);
        Assert.Equal(counts.Skip(1), Enumerable.Repeat(counts.LastOrDefault(), Math.Max(0, counts.Count - 1)));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Run(List<long>? counts)
        {
            var images = new ImageBatches(TestImages.Set(40, seed: 2), _batches, 16);
            using var validation = method == RetrainMethod.Calibration ? null
                : new Validation(images, patience: null, keepsBest: true, RunLog.None);
            void CountsTensors(TrainingOptions o)
            {
                o.CheckpointPath = Path.Combine(_folder, $"{counts is null}");
                o.CheckpointInterval = TimeSpan.Zero;
                o.MetricsCallback = p =>
                {
                    if (p.EndsEpoch)
                        counts?.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                };
            }
            Train(method, epochs: 5, CountsTensors, validation).Dispose();
        }
    }

    [Theory]
    [InlineData(RetrainMethod.FromScratch, 1, 3)]
    [InlineData(RetrainMethod.FromScratch, 1, 8)]
    [InlineData(RetrainMethod.Slimmable, 2, 1)]
    [InlineData(RetrainMethod.Slimmable, 1, 8)]
    [InlineData(RetrainMethod.FineTuning, 2, 1)]
    [InlineData(RetrainMethod.FineTuning, 1, 8)]
    public void A_training_that_was_stopped_resumes_to_the_same_weights(RetrainMethod method, int epoch, int batch)
    {
        TrainUnpruned();
        using var whole = Train(method, epochs: 2);
        var path = Path.Combine(_folder, "train.checkpoint");
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(method, epochs: 2, o =>
        {
            o.CheckpointPath = path;
            o.CancellationToken = cancel.Token;
            o.MetricsCallback = p =>
            {
                // 8 batches make an epoch: a stop between two epochs too.
                if ((p.Epoch, p.Batch) == (epoch, batch))
                    cancel.Cancel();
            };
        }));
        using var resumed = Train(method, epochs: 2, o => o.CheckpointPath = path);
        foreach (var ((name, expected), (_, value)) in whole.state_dict().Zip(resumed.state_dict()))
            Assert.True(expected.sub(value).abs().max().ToDouble() == 0, name);
    }

    [Fact]
    public void Fine_tuning_begins_with_the_best_channels_of_the_unpruned_network()
    {
        TrainUnpruned();
        // A learning rate of nearly nothing: the weights stay what they began with.
        using var tuned = Train(RetrainMethod.FineTuning, epochs: 1, o => o.LearningRate = new LearningRateSchedule(Peak: 1e-12));
        using var shared = new SlimmableNetwork(_network, CPU, new RandomSource(9));
        CheckpointFile.LoadWeights(Unpruned, shared);
        using (var loss = new ClassificationLoss())
            ChannelSorting.Run(shared, loss, Images(16), 1, RunLog.None);
        using var slice = shared.Slice(_widths);
        foreach (var ((name, expected), (_, value)) in slice.named_parameters().Zip(tuned.named_parameters()))
            Assert.True(expected.sub(value).abs().max().ToDouble() < 1e-6, name);
    }

    [Fact]
    public void Any_widths_of_the_unpruned_network_can_be_evaluated_with_batch_norms_calibrated_for_them()
    {
        TrainUnpruned();
        using var shared = new SlimmableNetwork(_network, CPU, new RandomSource(9));
        CheckpointFile.LoadWeights(Unpruned, shared);
        using (var loss = new ClassificationLoss())
            ChannelSorting.Run(shared, loss, Images(), 1, RunLog.None);
        foreach (var widths in (int[][])[_network.FullWidths.ToArray(), _widths, _widths.Select(w => Math.Max(1, w / 2)).ToArray()])
        {
            using var calibrated = Calibrated(widths);
            // The same batches, calibrated in the shared weights: the same scores up to rounding.
            var random = new RandomSource(1);
            new SlimmableNetwork(_network, CPU, random).Dispose();
            NormCalibration.Run(shared, widths, Images(), 5, random, RunLog.None);
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            var images = _batches.Make(_set, [0, 1, 2, 3], AugmentationPlan.None, null).Images;
            var expected = shared.Run(images, new NetworkPass(NormStatistics.Running, widths));
            var scores = calibrated.Run(images, new NetworkPass(NormStatistics.Running));
            Assert.True(expected.sub(scores).abs().max().ToDouble() < 1e-3 * expected.abs().max().ToDouble());
        }
        Assert.True(Accuracy(_network.FullWidths.ToArray()) > 0.9);

        double Accuracy(int[] widths)
        {
            using var network = Calibrated(widths);
            return Evaluation.Accuracy(network, null, new ImageBatches(TestImages.Set(100, seed: 2), _batches, 50), RunLog.None);
        }
    }

    private void TrainUnpruned()
    {
        var plan = new RetrainPlan(_network, First(_network.FullWidths), RetrainMethod.FromScratch);
        Run(plan, Options(6, o => o.CheckpointPath = Unpruned)).Dispose();
    }

    private SlimmableNetwork Train(
        RetrainMethod method, int epochs, Action<TrainingOptions>? change = null, Validation? validation = null)
    {
        var weights = method is RetrainMethod.FineTuning or RetrainMethod.Calibration ? Unpruned : null;
        var plan = new RetrainPlan(_network, First(_widths), method, weights, RandomSubNetworks: 1);
        return Run(plan, Options(epochs, change), validation);
    }

    private SlimmableNetwork Calibrated(int[] widths)
    {
        var plan = new RetrainPlan(_network, First(widths), RetrainMethod.Calibration, Unpruned);
        return Run(plan, new TestTrainingOptions());
    }

    private SlimmableNetwork Run(RetrainPlan plan, TestTrainingOptions options, Validation? validation = null)
    {
        var log = RunLog.None with { Token = options.CancellationToken };
        return new Retrainer(plan, options, Images(options.BatchSize), seed: 1, log).Run(validation);
    }

    private ImageBatches Images(int size = 64) => new(_set, _batches, size);

    /// <summary>The first channels of every group.</summary>
    internal static int[][] First(IEnumerable<int> widths) => widths.Select(w => Enumerable.Range(0, w).ToArray()).ToArray();

    private static TestTrainingOptions Options(int epochs, Action<TrainingOptions>? change)
    {
        var options = new TestTrainingOptions { NumberOfEpochs = epochs, BatchSize = 16 };
        change?.Invoke(options);
        return options;
    }
}
