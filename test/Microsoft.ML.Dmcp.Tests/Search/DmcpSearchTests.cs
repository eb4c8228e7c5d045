using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

public class DmcpSearchTests
{
    [Theory]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("squeeze")]
    [InlineData("plain")]
    public void The_architecture_loss_has_the_gradients_of_Eq_16_to_18(string name)
    {
        using var scope = NewDisposeScope();
        var description = SmallNetworks.Describe(name);
        var random = new RandomSource(7);
        using var network = new SlimmableNetwork(description, CPU, random, ScalarType.Float64);
        using var model = new MarkovModel(description, new WidthRange(0.25, 1, 0.25), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        using (no_grad())
            model.Alpha.copy_(randn(model.Alpha.shape, ScalarType.Float64));
        var cost = NetworkCost.Flops(description);
        using var expectation = cost.Expectation(ScalarType.Float64, CPU);
        var images = randn([4L, 3, 12, 12], ScalarType.Float64);
        var labels = tensor(new long[] { 0, 1, 2, 3 });
        var target = cost.Count(description.FullWidths) * 1e-6;
        Tensor Loss()
        {
            var marginals = model.Marginals();
            var scores = network.Run(images, new NetworkPass(NormStatistics.Batch, Gates: model.Gates(marginals)));
            var budget = BudgetLoss.Of(BudgetLossKind.LogWithTolerance, expectation.Of(model.ExpectedWidths(marginals)), target, 0.99);
            return Losses.CrossEntropy(scores, labels).add(budget.mul(0.1));
        }
        Loss().backward();
        FiniteDifferences.Check(model.Alpha, Loss, random, "alpha", elements: 10);
    }

    [Fact]
    public void Expected_sampling_never_exceeds_the_budget_and_uses_it_well_whatever_alpha_is()
    {
        var network = NetworkZoo.MobileNetV2(1.5).Describe(3, 64, 64, 100);
        using var model = new MarkovModel(network, new WidthRange(0.1, 1.5, 0.1), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        var random = new RandomSource(1);
        foreach (var metric in (Budget[])[Budget.FlopsRatio(0.05), Budget.FlopsRatio(0.3), Budget.FlopsRatio(0.8), Budget.FlopsRatio(1), Budget.ParametersRatio(0.2), Budget.MParameters(3)])
        {
            var (cost, limit) = (metric.CostOf(network), metric.LimitFor(network, model.MinWidths));
            for (var trial = 0; trial < 8; trial++)
            {
                var spread = Math.Pow(10, trial % 4 - 1);
                using (no_grad())
                using (NewDisposeScope())
                    model.Alpha.copy_(tensor(Enumerable.Range(0, (int)model.Alpha.numel()).Select(_ => spread * (random.NextDouble() - 0.5)).ToArray(), model.Alpha.shape));
                var (widths, _) = ExpectedSampling.Sample(model, network, cost, limit);
                network.CheckWidths(widths);
                Assert.InRange(cost.Count(widths), (long)(0.95 * limit), limit);
            }
        }
    }

    [Fact]
    public void Expected_sampling_is_plain_rounding_where_the_expectation_meets_the_budget()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        using var model = new MarkovModel(network, new WidthRange(), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        var cost = NetworkCost.Flops(network);
        var rounded = WidthAllocation.Round(model.ExpectedWidthsOnHost(), network.FullWidths);
        var (widths, shift) = ExpectedSampling.Sample(model, network, cost, (long)(cost.Count(rounded) * 1.02));
        Assert.Equal(rounded, widths);
        Assert.Equal(0, shift);
    }

    [Fact]
    public void Uniform_scaling_meets_every_budget_it_accepts()
    {
        var network = NetworkZoo.CifarResNet(56).Describe(3, 32, 32, 10);
        for (var ratio = 0.02; ratio <= 1; ratio += 0.07)
        {
            var config = UniformScaling.Find(network, Budget.FlopsRatio(ratio));
            Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.95 * ratio, ratio);
        }
        Assert.Equal(network.FullWidths, UniformScaling.Find(network, Budget.FlopsRatio(1)).WidthsFor(network));
    }

    [Fact]
    public void The_search_brings_the_expected_cost_to_the_budget()
    {
        using var run = new SearchRun(epochs: 12, images: 256);
        using var result = run.Search.Run(run.Set, run.Batches);
        Assert.InRange(result.ExpectedCost, 0.9 * result.Config.UnprunedFlops * 0.5e-6, 1.02 * result.Config.UnprunedFlops * 0.5e-6);
    }

    [Fact]
    public void Stage_2_leaves_the_weights_alone_and_stage_1_leaves_alpha_alone()
    {
        // All epochs but the last warm up: α has its start value until then, and moves in it.
        var alphas = new List<double[]>();
        using var run = new SearchRun(epochs: 1, images: 64);
        using var result = run.Search.Run(run.Set, run.Batches);
        Assert.Contains(result.Model.AlphaOnHost().Cast<double>(), a => a != 0);
        Assert.All(result.Network.parameters(), p => Assert.True(p.requires_grad));
    }

    [Fact]
    public void Memory_does_not_grow_over_500_search_iterations()
    {
        var counts = new List<long>();
        using var run = new SearchRun(epochs: 125, images: 64, batchSize: 16, report: p =>
        {
            if (p.EndsEpoch)
                counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        });
        using var result = run.Search.Run(run.Set, run.Batches);
        // From the second epoch of architecture search on (momentum buffers exist by then), not one tensor more lives.
        Assert.Equal(counts[70], counts[^1]);
        Assert.Equal(500, counts.Count * 4);
    }

    private sealed class SearchRun : IDisposable
    {
        private readonly IChannel _channel;

        public SearchRun(int epochs, int images, int batchSize = 32, Action<TrainingProgress>? report = null)
        {
            var options = new TestSearchOptions { Network = TestImages.Network, Budget = Budget.FlopsRatio(0.5), NumberOfEpochs = epochs, BatchSize = batchSize, MetricsCallback = report };
            _channel = ((IChannelProvider)new MLContext(1)).Start("test");
            Set = TestImages.Set(images, seed: 1);
            Batches = new BatchSource(Set.Shape, Normalization.Of(Set), CPU);
            Search = new DmcpSearch(TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), options, 1, CPU, _channel);
        }

        public ImageSet Set { get; }

        public BatchSource Batches { get; }

        public DmcpSearch Search { get; }

        public void Dispose()
        {
            Search.Dispose();
            Batches.Dispose();
            _channel.Dispose();
        }
    }
}
