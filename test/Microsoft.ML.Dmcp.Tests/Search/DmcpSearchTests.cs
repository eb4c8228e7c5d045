using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Dmcp;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training.Optimization;
using Microsoft.ML.Dmcp.Training.Retraining;
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
    [InlineData("mixed")]
    [InlineData("plain")]
    public void The_architecture_loss_has_the_gradients_of_Eq_16_to_18(string name)
    {
        using var scope = NewDisposeScope();
        var description = SmallNetworks.Describe(name);
        var random = new RandomSource(7);
        using var network = new SlimmableNetwork(description, CPU, random, ScalarType.Float64);
        using var model = new MarkovModel(description, new WidthRange(0.25, 1, 0.25), TransitionKind.Sigmoid, ScalarType.Float64, CPU);
        using (no_grad())
            model.Alpha.copy_(Noise.Normal(14, model.Alpha.shape));
        var cost = NetworkCost.Flops(description);
        using var expectation = cost.Expectation(ScalarType.Float64, CPU);
        var images = Noise.Normal(11, 4, 3, 12, 12);
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
    public void The_search_brings_the_expected_cost_to_the_budget()
    {
        using var run = new SearchRun(epochs: 60, images: 256, change: o =>
        {
            o.InitialAlpha = 0;
            o.ArchitectureLearningRate = new LearningRateSchedule(Peak: 2, Final: 0.2);
        });
        var result = run.Search.Run();
        Assert.InRange(
            run.Search.ExpectedNow()[0], 0.9 * result.Config.UnprunedFlops * 0.5e-6, 1.02 * result.Config.UnprunedFlops * 0.5e-6);
    }

    [Theory]
    [InlineData(TransitionKind.Sigmoid)]
    [InlineData(TransitionKind.Exponential)]
    internal void A_search_starts_where_its_budget_is_met_and_stays_there(TransitionKind kind)
    {
        var expected = new List<double>();
        using var run = new SearchRun(
            epochs: 10, images: 128, report: p => expected.AddRange(p.Costs.Select(c => c.Expected)), change: o => o.Transition = kind);
        var result = run.Search.Run();
        var target = result.Config.UnprunedFlops * 0.5e-6;
        Assert.Equal(target, expected[0], 0.02 * target);
        Assert.Equal(target, run.Search.ExpectedNow()[0], 0.1 * target);
    }

    [Fact]
    public void Flops_and_parameters_are_both_within_the_budget_when_both_are_limited()
    {
        foreach (var (flops, parameters) in ((double, double)[])[(0.5, 0.9), (0.9, 0.3), (0.5, 0.4)])
        {
            var reports = new List<TrainingProgress>();
            using var run = new SearchRun(
                epochs: 4,
                images: 64,
                report: reports.Add,
                change: o => o.Budget = Budget.FlopsRatio(flops).And(Budget.ParametersRatio(parameters)));
            var result = run.Search.Run();
            var used = (
                (double)result.Config.Flops / result.Config.UnprunedFlops / flops,
                (double)result.Config.Parameters / result.Config.UnprunedParameters / parameters);
            Assert.InRange(Math.Max(used.Item1, used.Item2), 0.9, 1);
            Assert.Equal([BudgetMetric.Flops, BudgetMetric.Parameters], reports[^1].Costs.Select(c => c.Metric));
            Assert.Contains(" and ", result.Config.Method.Settings["budget"]);
            var chain = ((FoundMarkovProcess)result).Chain;
            var drawn = chain.Sample(
                run.Search.Network.Description, result.Config.Method, 3, tolerance: 0.2, maxDraws: 10_000, seed: 1);
            Assert.All(drawn, c =>
                Assert.True(c.Flops <= flops * c.UnprunedFlops && c.Parameters <= parameters * c.UnprunedParameters));
        }
    }

    [Fact]
    public void Without_a_budget_loss_the_task_loss_brings_channels_and_accuracy_of_a_trained_network_back()
    {
        // Recoverability (4.2): trained, frozen weights, task loss only.
        var folder = Directory.CreateTempSubdirectory("dmcp-recover").FullName;
        try
        {
            var weights = Path.Combine(folder, "weights");
            var network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
            var options = new TestTrainingOptions { NumberOfEpochs = 20, BatchSize = 16, LabelSmoothing = 0.1, CheckpointPath = weights };
            var set = TestImages.Set(128, seed: 1);
            var allChannels = network.FullWidths.Select(w => Enumerable.Range(0, w).ToArray()).ToArray();
            var plan = new RetrainPlan(network, allChannels, RetrainMethod.FromScratch);
            using (var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU))
                new Retrainer(plan, options, new ImageBatches(set, batches, options.BatchSize), seed: 1, RunLog.None).Run().Dispose();
            var reports = new List<TrainingProgress>();
            using var recovery = new SearchRun(epochs: 150, images: 128, report: reports.Add, change: o =>
            {
                o.WeightsPath = weights;
                o.Widths = new WidthRange();
                // As in the paper: sorted, the first half of the channels classifies well from the start.
                o.SortChannels = false;
                o.WarmUpShare = 0;
                o.WeightsTrainDuringSearch = false;
                o.BudgetLossWeight = 0;
                o.InitialAlpha = 0;
                o.InitialAlphaDeviation = 0.5;
                o.Budget = Budget.FlopsRatio(1);
                // Smoothed labels, or the loss of this easy task would be nothing with half of the channels already.
                o.ArchitectureLearningRate = new LearningRateSchedule(Peak: 5, Final: 1);
                o.LabelSmoothing = 0.1;
            });
            var result = recovery.Search.Run();
            // Only as many channels as the task needs: Dmcp.Experiments shows how far it gets on a task that needs all.
            Assert.True(
                recovery.Search.ExpectedNow()[0] > 2.5 * reports[0].Costs[0].Expected,
                $"{recovery.Search.ExpectedNow()[0]} after {reports[0].Costs[0].Expected}");
            Assert.True(reports[0].Accuracy < 0.7 && reports[^1].Accuracy > 0.95, $"{reports[^1].Accuracy} after {reports[0].Accuracy}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Warming_up_leaves_alpha_alone_and_the_search_moves_it()
    {
        // The first two of four epochs warm up: no expected cost, since α is not trained.
        var expected = new List<double?>();
        using var run = new SearchRun(
            epochs: 4, images: 64, report: p => expected.Add(p.Costs.FirstOrDefault()?.Expected), change: o => o.InitialAlpha = 2);
        var result = run.Search.Run();
        Assert.Contains(run.Search.Model.AlphaOnHost().Cast<double>(), a => a != 2);
        Assert.All(expected[..(expected.Count / 2)], Assert.Null);
        Assert.All(expected[(expected.Count / 2)..], e => Assert.True(e > 0));
        Assert.All(run.Search.Network.parameters(), p => Assert.True(p.requires_grad));
    }

    [Fact]
    public void The_first_step_of_alpha_follows_the_gradient_of_the_chosen_losses_only()
    {
        // With the budget loss alone, the images and their labels say nothing: two sets give the same α (Table 5, first row).
        double[] AlphaAfter(bool taskLoss, int seed)
        {
            using var run = new SearchRun(epochs: 1, images: 64, dataSeed: seed, change: o =>
            {
                o.WeightsTrainDuringSearch = false;
                o.TaskLossTrainsArchitecture = taskLoss;
            });
            var result = run.Search.Run();
            return run.Search.Model.AlphaOnHost().Cast<double>().ToArray();
        }
        Assert.Equal(AlphaAfter(false, 1), AlphaAfter(false, 2));
        Assert.NotEqual(AlphaAfter(true, 1), AlphaAfter(true, 2));
    }

    [Fact]
    public void Frozen_weights_stay_what_the_warm_up_made_them()
    {
        double[] Weights(int epochs, double warmUpShare)
        {
            using var run = new SearchRun(epochs, images: 64, change: o =>
            {
                o.WarmUpShare = warmUpShare;
                o.WeightsTrainDuringSearch = false;
                o.LearningRate = new LearningRateSchedule(Peak: 0.05, Final: 0.05);
            });
            var result = run.Search.Run();
            return run.Search.Network.parameters().SelectMany(p => p.flatten().to(ScalarType.Float64).data<double>().ToArray()).ToArray();
        }
        Assert.Equal(Weights(2, 0.5), Weights(3, 1.0 / 3));
    }

    [Fact]
    public void The_original_sandwich_rule_keeps_one_ratio_and_the_variant_does_not()
    {
        var network = NetworkZoo.CifarResNet(20).Describe(3, 32, 32, 10);
        using var model = new MarkovModel(network, new WidthRange(), TransitionKind.Sigmoid, ScalarType.Float32, CPU);
        int Ratios(SandwichRuleKind kind)
        {
            var options = new DmcpSearchOptions { SandwichRule = kind, RandomSubNetworks = 30 };
            var drawn = new SandwichRule(model, options, new RandomSource(1)).Draw(true, -1).ToArray();
            Assert.Equal(model.Grid.MinWidths, drawn[0]);
            Assert.Equal(31, drawn.Length);
            return drawn.Max(
                widths => widths.Select((w, g) => (w - model.Blocks[g].MinChannels) / model.Blocks[g].BlockSize).Distinct().Count());
        }
        Assert.Equal(1, Ratios(SandwichRuleKind.Original));
        Assert.True(Ratios(SandwichRuleKind.Variant) > 3);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(4.0)]
    public void Distillation_has_the_gradient_of_the_releases_KL_divergence(double temperature)
    {
        using var scope = NewDisposeScope();
        var teacher = Noise.Normal(12, 5, 7).div(temperature).softmax(1);
        var student = Noise.Normal(13, 5, 7).requires_grad_();
        Losses.Distillation(student, teacher, temperature).backward();
        var ours = student.grad!.clone();
        student.grad!.zero_();
        var logits = student.div(temperature).log_softmax(1);
        teacher.mul(teacher.log().sub(logits)).sum(1).mean().mul(temperature * temperature).backward();
        Assert.True(ours.sub(student.grad!).abs().max().ToDouble() < 1e-12);
    }

    [Fact]
    public void Memory_does_not_grow_over_500_search_iterations()
    {
        var (counts, resident) = (new List<long>(), new List<long>());
        using var run = new SearchRun(epochs: 250, images: 64, batchSize: 16, report: p =>
        {
            if (p.EndsEpoch)
            {
                counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
                resident.Add(Environment.WorkingSet);
            }
        });
        var result = run.Search.Run();
        // From the second epoch of architecture search on (momentum buffers exist by then), not one tensor more lives.
        Assert.Equal(counts[130], counts[^1]);
        var more = resident[^1] - resident[130];
        Assert.True(more < 20 << 20, $"{more >> 10} KiB more after {(counts.Count - 130) * 4} iterations of both stages.");
    }
}
