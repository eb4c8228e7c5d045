using System.Runtime.InteropServices;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Retraining;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

/// <summary>What ends a training, and what does not.</summary>
public sealed class TrainingLoopTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-loop").FullName;
    private readonly ImageSet _set = TestImages.Set(64, seed: 1);
    private readonly BatchSource _batches;
    private readonly NetworkDescription _network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
    private readonly int[] _widths;
    private readonly List<string> _warnings = [];

    public TrainingLoopTests()
    {
        _batches = new BatchSource(_set.Shape, Normalization.Of(_set), CPU);
        _widths = UniformScaling.Find(_network, Budget.FlopsRatio(0.5)).WidthsFor(_network);
    }

    private string Path => System.IO.Path.Combine(_folder, "run", "checkpoint");

    public void Dispose()
    {
        _batches.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(RetrainMethod.FromScratch, 64, 2, 1e6)]
    [InlineData(RetrainMethod.FromScratch, 64, 1, 1e20)]
    [InlineData(RetrainMethod.FromScratch, 16, 1, 1e30)]
    [InlineData(RetrainMethod.Slimmable, 64, 2, 1e20)]
    public void A_training_whose_last_step_spoils_the_weights_or_the_scores_is_no_model(
        RetrainMethod method, int batchSize, int epochs, double rate)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Train(method, o =>
        {
            o.BatchSize = batchSize;
            o.NumberOfEpochs = epochs;
            o.LearningRate = new LearningRateSchedule(rate, rate);
        }).Dispose());
        Assert.Contains("diverged", error.Message);
        Assert.Contains("Lower LearningRate", error.Message);
    }

    [Fact]
    public void Scores_that_are_no_numbers_are_of_no_class()
    {
        using var network = new SlimmableNetwork(_network, CPU, new RandomSource(1));
        using (no_grad())
            network.state_dict().Last(p => p.Key.EndsWith(".bias", StringComparison.Ordinal)).Value.fill_(float.NaN);
        Assert.Equal(0, Evaluation.Accuracy(network, null, new ImageBatches(_set, _batches, 16), RunLog.None));
    }

    [Fact]
    public void A_training_that_diverges_after_a_good_epoch_keeps_that_epoch()
    {
        var pixels = FloatsOf(_set);
        var (set, held) = (Of(_set, pixels), TestImages.Set(40, seed: 2));
        held = Of(held, FloatsOf(held));
        using var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        using var validation = new Validation(new ImageBatches(held, batches, 16), patience: null, keepsBest: true, Log());
        var log = Log() with
        {
            Warning = warning =>
            {
                _warnings.Add(warning);
                Spoil(0);
            },
        };
        void Spoil(float pixel) => MemoryMarshal.Cast<byte, float>(pixels[0].AsSpan())[0] = pixel;
        var options = new TestTrainingOptions
        {
            NumberOfEpochs = 8,
            BatchSize = 16,
            // In the sixth epoch the pixels are spoilt.
            MetricsCallback = p => Spoil(p.Epoch >= 6 ? float.NaN : 0),
        };
        var plan = new RetrainPlan(_network, RetrainingTests.First(_widths), RetrainMethod.FromScratch);
        using var kept = new Retrainer(plan, options, new ImageBatches(set, batches, 16), seed: 1, log).Run(validation);
        Assert.Contains(_warnings, w => w.Contains("The best epoch before is kept", StringComparison.Ordinal));
        Assert.True(Evaluation.Accuracy(kept, null, new ImageBatches(held, batches, 16), RunLog.None) > 0.5);

        static ImageSet Of(ImageSet set, byte[][] floats) =>
            set with { Shape = set.Shape with { IsFloat = true }, Images = new ImageStore(floats) };

        static byte[][] FloatsOf(ImageSet set) => Enumerable.Range(0, set.Count)
            .Select(i => MemoryMarshal.AsBytes<float>(Array.ConvertAll(set.Images[i].ToArray(), b => (float)b)).ToArray()).ToArray();
    }

    [Fact]
    public void An_observer_that_cannot_write_ends_no_run_and_keeps_no_other_from_its_reports()
    {
        var seen = 0;
        using var network = Train(
            RetrainMethod.FromScratch,
            o => o.MetricsCallback = new Action<TrainingProgress>(_ => throw new IOException("No space left on device")) + (_ => seen++));
        Assert.True(seen >= 4);
        Assert.Contains("No space left on device", Assert.Single(_warnings));
    }

    [Fact]
    public void An_exception_of_a_callback_reaches_the_caller_and_the_run_resumes_from_there()
    {
        using var whole = Train(RetrainMethod.FromScratch, _ => { });
        Assert.Throws<NotImplementedTestException>(() => Train(RetrainMethod.FromScratch, o =>
        {
            o.CheckpointPath = Path;
            o.MetricsCallback = p =>
            {
                if (p is { Epoch: 2, Batch: 3 })
                    throw new NotImplementedTestException();
            };
        }));
        var first = 0;
        using var resumed = Train(
            RetrainMethod.FromScratch,
            o => (o.CheckpointPath, o.MetricsCallback) = (Path, p => first = first == 0 ? 10 * p.Epoch + p.Batch : first));
        Assert.Equal(24, first);
        foreach (var ((name, expected), (_, value)) in whole.state_dict().Zip(resumed.state_dict()))
            Assert.True(expected.sub(value).abs().max().ToDouble() == 0, name);
    }

    [Fact]
    public void A_run_cancelled_on_a_full_disk_is_cancelled_and_says_that_its_state_is_lost()
    {
        using var cancel = new CancellationTokenSource();
        var error = Assert.Throws<OperationCanceledException>(() => Train(RetrainMethod.FromScratch, o =>
        {
            o.CheckpointPath = Path;
            o.CancellationToken = cancel.Token;
            o.MetricsCallback = p =>
            {
                if (p is not { Epoch: 2, Batch: 2 })
                    return;
                // A file takes the folder's name: nothing can be written there any more.
                Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
                File.WriteAllText(System.IO.Path.GetDirectoryName(Path)!, "");
                cancel.Cancel();
            };
        }));
        Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.Equal(cancel.Token, error.CancellationToken);
        Assert.Contains(Path, _warnings[^1]);
    }

    [Theory]
    [InlineData(RetrainMethod.FromScratch, 4 + 5)]
    [InlineData(RetrainMethod.Slimmable, 4 + 4 + 5)]
    public void A_run_cancelled_while_it_is_validated_stops_at_once_and_resumes_to_the_same_weights(
        RetrainMethod method, int questionsOfAnEpoch)
    {
        using var whole = Measured(o => o.CheckpointPath = System.IO.Path.Combine(_folder, "whole"), () => false, out _);
        var asked = 0;
        // Every batch asks whether the run ends: of training, of calibration, and of the five of a validation. The second validation is cut
        // before its third.
        Assert.Throws<OperationCanceledException>(
            () => Measured(o => o.CheckpointPath = Path, () => ++asked >= 2 * questionsOfAnEpoch - 2, out _));
        using var resumed = Measured(o => o.CheckpointPath = Path, () => false, out var reports);
        Assert.Equal(2, reports[0].Epoch);
        Assert.True(reports[0].EndsEpoch && reports[0].ValidationAccuracy is not null);
        foreach (var ((name, expected), (_, value)) in whole.state_dict().Zip(resumed.state_dict()))
            Assert.True(expected.sub(value).abs().max().ToDouble() == 0, name);

        SlimmableNetwork Measured(Action<TestTrainingOptions> change, Func<bool> cancels, out List<TrainingProgress> reports)
        {
            var seen = new List<TrainingProgress>();
            reports = seen;
            var log = Log() with { IsCanceledAround = cancels };
            var validationImages = new ImageBatches(TestImages.Set(80, seed: 2), _batches, 16);
            using var validation = new Validation(validationImages, patience: null, keepsBest: true, log);
            return Train(method, o =>
            {
                o.NumberOfEpochs = 3;
                o.MetricsCallback = seen.Add;
                change(o);
            }, validation, log);
        }
    }

    private RunLog Log() => new(_ => { }, _warnings.Add);

    private SlimmableNetwork Train(
        RetrainMethod method, Action<TestTrainingOptions> change, Validation? validation = null, RunLog? log = null)
    {
        var options = new TestTrainingOptions { NumberOfEpochs = 2, BatchSize = 16 };
        change(options);
        options.Check();
        var plan = new RetrainPlan(_network, RetrainingTests.First(_widths), method, RandomSubNetworks: 1);
        var tokened = (log ?? Log()) with { Token = options.CancellationToken };
        return new Retrainer(plan, options, new ImageBatches(_set, _batches, options.BatchSize), seed: 1, tokened).Run(validation);
    }

    private sealed class NotImplementedTestException : Exception;
}
