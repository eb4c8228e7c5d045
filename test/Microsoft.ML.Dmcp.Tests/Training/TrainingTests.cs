using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Training;

public sealed class TrainingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_learning_rate_rises_to_its_peak_and_falls_by_a_cosine_to_its_end()
    {
        var schedule = new LearningRateSchedule(Peak: 0.8, Final: 0.1, WarmUpFrom: 0.2, WarmUpShare: 0.1);
        Assert.Equal(0.2 + 0.06, schedule.At(0, 100), 1e-12);
        Assert.Equal(0.8, schedule.At(9, 100), 1e-12);
        Assert.Equal(0.8, schedule.At(10, 100), 1e-12);
        Assert.Equal(0.45, schedule.At(55, 100), 1e-12);
        Assert.Equal(0.1, schedule.At(100, 100), 1e-12);
        for (var i = 10; i < 100; i++)
            Assert.True(schedule.At(i + 1, 100) < schedule.At(i, 100));
    }

    [Fact]
    public void Weight_decay_pulls_on_convolutions_and_spares_biases_and_batch_norms()
    {
        using var network = new SlimmableNetwork(SmallNetworks.Describe("plain"), CPU, new RandomSource(1));
        using (no_grad())
            foreach (var p in network.parameters())
                p.fill_(1);
        var options = new TestTrainingOptions
        {
            LearningRate = new LearningRateSchedule(Peak: 0.5, Final: 0.5),
            Momentum = 0,
            WeightDecay = 0.1,
        };
        using var optimizer = new WeightOptimizer(network, options, iterations: 10);
        foreach (var p in network.parameters())
            p.mul(0).sum().backward();
        optimizer.Step(0);
        foreach (var (name, p) in network.named_parameters())
            Assert.Equal(p.dim() > 1 ? 0.95 : 1, p.mean().ToDouble(), 1e-6);
    }

    [Theory]
    [InlineData(0.25, 0.25)]
    [InlineData(1e6, 0)]
    public void A_gradient_that_is_too_long_is_shortened_as_a_whole_and_a_shorter_one_left_as_it_is(double largest, double expectedNorm)
    {
        using var network = new SlimmableNetwork(SmallNetworks.Describe("plain"), CPU, new RandomSource(1));
        var before = network.parameters().Select(p => p.detach().clone()).ToArray();
        var options = new TestTrainingOptions { LearningRate = new LearningRateSchedule(1, 1), Momentum = 0, WeightDecay = 0 };
        options.MaxGradientNorm = largest;
        using var optimizer = new WeightOptimizer(network, options, iterations: 1);
        foreach (var p in network.parameters())
            p.square().sum().backward();
        // The gradient of Σw² is 2w.
        var whole = 2 * Math.Sqrt(before.Sum(w => w.square().sum().ToDouble()));
        optimizer.Step(0);
        var step = network.parameters().Zip(before, (p, w) => w.sub(p.detach())).ToArray();
        Assert.Equal(expectedNorm == 0 ? whole : expectedNorm, Math.Sqrt(step.Sum(s => s.square().sum().ToDouble())), 1e-4 * whole);
        foreach (var (s, w) in step.Zip(before))
            Assert.True(s.mul(whole / Math.Min(whole, largest)).sub(w.mul(2)).abs().max().ToDouble() < 1e-4);
    }

    [Fact]
    public void Calibrated_statistics_are_the_mean_over_all_batches_not_those_of_the_last()
    {
        var net = new NetworkBuilder("calibrated", 3, TestImages.Size, TestImages.Size, 4);
        net.Linear(net.GlobalAveragePool(net.BatchNorm(net.Conv(net.Input, 4, 3), name: "bn")), 4);
        using var network = new SlimmableNetwork(net.Build(), CPU, new RandomSource(1));
        var set = TestImages.Set(64, seed: 1);
        using var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        NormCalibration.Run(network, null, new ImageBatches(set, batches, Size: 16), count: 4, new RandomSource(2), RunLog.None);
        var mean = network.named_buffers().Single(b => b.name == "bn.running_mean").buffer;
        using var noGradient = no_grad();
        // Batches of one size: the mean of their means is the mean over all images, which one batch of everything gives.
        var calibrated = mean.clone();
        network.Run(
            batches.Make(set, Enumerable.Range(0, 64).ToArray(), AugmentationPlan.None, null).Images,
            new NetworkPass(NormStatistics.BatchTracked, Momentum: 1));
        Assert.True(calibrated.sub(mean).abs().max().ToDouble() < 1e-5);
    }

    [Fact]
    public void A_flip_mirrors_the_image_and_a_crop_moves_it_over_black()
    {
        var shape = new ImageShape(3, 4, 5, IsFloat: false);
        var image = Enumerable.Range(1, shape.Bytes).Select(i => (byte)i).ToArray();
        var set = new ImageSet(shape, new ImageStore([image]), [0], 2);
        using var batches = new BatchSource(shape, new Normalization([0, 0, 0], [1, 1, 1]), CPU);
        var original = batches.Make(set, [0], AugmentationPlan.None, null).Images;
        Assert.Equal(image.Select(b => (float)b), original.permute(0, 2, 3, 1).contiguous().data<float>().ToArray());
        var flips = Enumerable.Range(0, 8)
            .Select(seed => batches.Make(set, [0], new AugmentationPlan(true, 0), new RandomSource(seed)).Images).ToArray();
        Assert.Contains(flips, f => Same(f, original));
        Assert.Contains(flips, f => Same(f, original.flip(3)));
        Assert.All(flips, f => Assert.True(Same(f, original) || Same(f, original.flip(3))));

        const int padding = 2;
        var padded = nn.functional.pad(original, [padding, padding, padding, padding]);
        var windows = (
            from y in Enumerable.Range(0, 2 * padding + 1)
            from x in Enumerable.Range(0, 2 * padding + 1)
            select padded.narrow(2, y, 4).narrow(3, x, 5)).ToArray();
        for (var seed = 0; seed < 30; seed++)
        {
            var crop = batches.Make(set, [0], new AugmentationPlan(true, padding), new RandomSource(seed)).Images;
            Assert.Contains(windows, w => Same(crop, w) || Same(crop, w.flip(3)));
        }
    }

    private static bool Same(Tensor a, Tensor b) => a.sub(b).abs().max().ToDouble() == 0;
}
