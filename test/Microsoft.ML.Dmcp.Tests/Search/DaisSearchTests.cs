using CsCheck;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dais;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

public class DaisSearchTests
{
    [Theory]
    [InlineData("residual", 1.0)]
    [InlineData("inverted", 0.3)]
    [InlineData("dense", 0.1)]
    public void The_indicators_have_the_gradient_of_the_loss_at_every_temperature(string name, double temperature)
    {
        using var scope = NewDisposeScope();
        var description = SmallNetworks.Describe(name);
        var random = new RandomSource(3);
        using var network = new SlimmableNetwork(description, CPU, random, ScalarType.Float64);
        using var indicators = new ChannelIndicators(description, 0.05, ScalarType.Float64, CPU);
        using (no_grad())
            indicators.Beta.add_(Noise.Normal(12, indicators.Beta.shape).mul(0.05));
        using var expectation = NetworkCost.Flops(description).Expectation(ScalarType.Float64, CPU);
        var (images, labels) = (Noise.Normal(11, 4, 3, 12, 12), tensor(new long[] { 0, 1, 2, 3 }));
        Tensor Loss()
        {
            var values = indicators.Values(temperature);
            return Losses.CrossEntropy(network.Run(images, new NetworkPass(NormStatistics.Batch, Gates: values)), labels)
                .add(values.mean()).add(expectation.Of(indicators.ExpectedWidths(values)).log());
        }
        Loss().backward();
        FiniteDifferences.Check(indicators.Beta, Loss, random, "beta", elements: 10);
    }

    [Fact]
    public void The_temperature_falls_as_published()
    {
        using var run = new Run(epochs: 10, o => o.Annealing = 49);
        var iterations = 10 * 64 / 16;
        Assert.Equal(1, run.Search.Training.TemperatureAt(0));
        Assert.Equal(1 / (1 + 49 * 0.5), run.Search.Training.TemperatureAt(iterations / 2), 1e-12);
        Assert.Equal(1.0 / 50, run.Search.Training.TemperatureAt(iterations), 1e-12);
    }

    [Theory]
    [InlineData(0.9, 1)]
    [InlineData(0.4998, 0)]
    [InlineData(0.495, 0)]
    [InlineData(0.3, -1)]
    public void The_FLOPs_regularizer_pushes_towards_the_budget_and_rests_within_its_tolerance(double share, int direction)
    {
        using var run = new Run(epochs: 1, o =>
        {
            o.LassoWeight = 0;
            o.BudgetLossWeight = 1;
            o.BudgetTolerance = 0.02;
        });
        using var scope = NewDisposeScope();
        var cost = NetworkCost.Flops(run.Search.Network.Description);
        var full = run.Search.Network.Description.FullWidths;
        // Equal indicators at which the expected cost is the share.
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 60; i++)
            (low, high) = cost.Expected(full.Select(w => w * (low + high) / 2).ToArray()) <= share * cost.Count(full)
                ? ((low + high) / 2, high)
                : (low, (low + high) / 2);
        var values = tensor(Enumerable.Repeat((float)low, full.Sum()).ToArray(), requires_grad: true);
        var loss = run.Search.Training.Regularization(values);
        loss.backward();
        Assert.Equal(direction * Math.Log(share * cost.Count(full) * 1e-6), loss.ToDouble(), 1e-3);
        Assert.All(values.grad!.data<float>().ToArray(), g => Assert.Equal(direction, Math.Sign(g)));
    }

    [Fact]
    public void The_indicators_end_binary_and_the_kept_channels_are_in_the_budget()
    {
        using var run = new Run(epochs: 40);
        var config = run.Search.Run().Config;
        Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.4, 0.5);
        double Setting(string name) => double.Parse(config.Method.Settings[name], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(Setting("binaryShare"), 0.9, 1);
        // It was the indicators that chose: many ended at 0, and those at 1 come close to the budget by themselves.
        Assert.InRange(Setting("zeroShare"), 0.1, 0.9);
        Assert.InRange(Setting("budgetUseByIndicators"), 0.8, 1.2);
        var beta = run.Search.Indicators.OnHost();
        var threshold = Setting("threshold");
        Assert.Contains(config.Groups, g => !g.Kept!.SequenceEqual(Enumerable.Range(0, g.Width)));
        foreach (var (group, values) in config.Groups.Zip(beta))
            Assert.True(group.Width == 1 || group.Kept!.All(c => values[c] > threshold - 1e-4));
        Assert.Equal(config.ToJson(), ChannelConfig.FromJson(config.ToJson()).ToJson());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_step_of_the_weights_leaves_the_indicators_alone_and_the_other_way_round(bool weightsStandStill)
    {
        var still = new LearningRateSchedule(1e-30);
        using var run = new Run(epochs: 1, o =>
        {
            if (weightsStandStill)
                o.LearningRate = still;
            else
                o.IndicatorLearningRate = still;
        });
        (string Weights, string Indicators) State()
        {
            using var scope = NewDisposeScope();
            // To six digits: the smallest rate there can be still moves what is exactly 0.
            static string Text(IEnumerable<double> values) => string.Join(' ', values.Select(v => Math.Round(v, 6) + 0.0));
            var weights = run.Search.Network.parameters().SelectMany(p => p.detach().contiguous().data<float>().ToArray());
            return (Text(weights.Select(w => (double)w)), Text(run.Search.Indicators.OnHost().SelectMany(b => b)));
        }
        var before = State();
        run.Search.Run();
        Assert.Equal(weightsStandStill, before.Weights == State().Weights);
        Assert.Equal(!weightsStandStill, before.Indicators == State().Indicators);
    }

    [Fact]
    public void Whatever_the_indicators_are_the_budget_holds_and_every_group_keeps_its_strongest_channel()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        // Most indicators of a search lie on one side of 0, early or late in it.
        var shift = Gen.Double[-2.5, 2];
        var count = network.FullWidths.Sum();
        // CsCheck's numbers of a range like to be equal.
        var indicators = Gen.OneOf(Gen.Double.Unit.Select(u => 4 * u - 2).Array[count], Gen.Double[-2, 2].Array[count]);
        Gen.Select(Gen.OneOf(0.05, 0.3, 0.8, 1), shift, indicators).Check(40, (share, shift, indicators) =>
        {
            var limits = Budget.FlopsRatio(share).For(network, network.Groups.Select(_ => 1).ToArray());
            var rest = new Queue<double>(indicators.Select(i => i + shift));
            var beta = network.Groups.Select(g => Enumerable.Range(0, g.Channels).Select(_ => rest.Dequeue()).ToArray()).ToArray();
            var (kept, threshold) = IndicatorThreshold.Keep(beta, new AllowedWidths(network), limits, leastUse: 0.95);
            Assert.True(limits.Hold(kept.Select(k => k.Length).ToArray()));
            Assert.All(kept.Zip(beta), pair => Assert.Contains(Array.IndexOf(pair.Second, pair.Second.Max()), pair.First));
            var mayUseLess = threshold == 0 || share < 0.1 || indicators.Distinct().Count() < count;
            Assert.True(limits.Use(kept.Select(k => k.Length).ToArray()) > 0.9 || mayUseLess);
        });
    }

    private sealed class Run : IDisposable
    {
        private readonly BatchSource _batches;

        public Run(int epochs, Action<DaisSearchOptions>? change = null)
        {
            var options = new DaisSearchOptions { Network = TestImages.Network, NumberOfEpochs = epochs, BatchSize = 16 };
            change?.Invoke(options);
            options.Check();
            var set = TestImages.Set(128, seed: 1);
            _batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
            var network = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
            Search = new DaisSearch(new SearchTask(network, new ImageBatches(set, _batches, options.BatchSize), 1, RunLog.None), options);
        }

        public DaisSearch Search { get; }

        public void Dispose()
        {
            Search.Dispose();
            _batches.Dispose();
        }
    }
}
