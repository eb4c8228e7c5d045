using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Search.Filters;
using Microsoft.ML.Dmcp.Tests.Networks;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>Filters that are pruned in steps, with training between.</summary>
public sealed class IterativePruningTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-iterative").FullName;

    private string Checkpoint => Path.Combine(_folder, "checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(PruningScope.Global)]
    [InlineData(PruningScope.LayerWise)]
    public void Step_by_step_channels_go_and_none_comes_back(PruningScope scope)
    {
        var options = Options();
        options.Scope = scope;
        // Few channels: in many rounds their steps would not fill the budget.
        options.RankingRounds = 1;
        FilterPruning? search = null;
        var (left, costs) = (new List<int[][]>(), new List<double>());
        options.MetricsCallback = p =>
        {
            if (!p.EndsEpoch)
                return;
            left.Add(((IterativeFilterTraining)search!.Training!).Kept);
            costs.Add(p.Costs[0].Expected / p.Costs[0].Target);
        };
        using var batches = TestSearches.Start(options, out var started);
        using var searching = started;
        search = (FilterPruning)started;
        var config = search.Run().Config;
        left.Add(config.Groups.Select(g => g.Kept!.ToArray()).ToArray());
        // Two epochs each of the unpruned network, after the first step and after the second: 2^(1/3) less cost every time.
        Assert.Equal([0, 0, 1, 1, 2, 2, 3], left.Select(l => left.Select(Count).Distinct().Order().Reverse().ToList().IndexOf(Count(l))));
        foreach (var (before, after) in left.Zip(left.Skip(1)))
            Assert.All(before.Zip(after), pair => Assert.Empty(pair.Second.Except(pair.First)));
        Assert.Equal(2, costs[0], 1e-3);
        if (scope == PruningScope.Global)
        {
            Assert.InRange(costs[2], 0.95 * Math.Pow(2, 2.0 / 3), Math.Pow(2, 2.0 / 3));
            Assert.InRange(costs[4], 0.95 * Math.Pow(2, 1.0 / 3), Math.Pow(2, 1.0 / 3));
        }
        Assert.InRange(config.Flops, 0.475 * config.UnprunedFlops, 0.5 * config.UnprunedFlops);

        static int Count(int[][] kept) => kept.Sum(k => k.Length);
    }

    [Fact]
    public void Layer_by_layer_the_last_step_ends_at_the_widths_of_pruning_at_once()
    {
        var options = Options();
        options.Scope = PruningScope.LayerWise;
        int[] Widths(int steps)
        {
            options.PruningSteps = steps;
            using var batches = TestSearches.Start(options, out var search);
            using var searching = search;
            return search.Run().Config.Groups.Select(g => g.Width).ToArray();
        }
        Assert.Equal(Widths(1), Widths(6));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("mixed")]
    public void What_is_gone_when_the_training_ends_changes_no_score(string network)
    {
        var options = Options();
        options.Network = SmallNetworks.Find(network);
        using var batches = TestSearches.Start(options, out var started);
        using var search = (FilterPruning)started;
        search.Run();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var kept = ((IterativeFilterTraining)search.Training!).Kept;
        Assert.True(kept.Sum(k => k.Length) < search.Network.Description.FullWidths.Sum());
        using var pruned = search.Network.Slice(kept);
        var images = Noise.Normal(11, 8, 3, TestImages.Size, TestImages.Size).to(ScalarType.Float32);
        var expected = search.Network.Run(images, new NetworkPass(NormStatistics.Running));
        Assert.InRange(expected.sub(pruned.Run(images, new NetworkPass(NormStatistics.Running))).abs().max().ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void What_is_gone_learns_nothing_any_more()
    {
        var options = Options();
        (options.Momentum, options.WeightDecay) = (0, 0);
        FilterPruning? search = null;
        var (gone, seen) = (Array.Empty<int>(), new List<float[][]>());
        options.MetricsCallback = p =>
        {
            if (p is { Epoch: 3, Batch: 1 })
                gone = Enumerable.Range(0, 20).Except(((IterativeFilterTraining)search!.Training!).Kept[1]).ToArray();
            if (p.Batch != 1 || p.Epoch < 3)
                return;
            using var scope = NewDisposeScope();
            var filters = search!.Network.state_dict()["conv4.weight"].detach();
            seen.Add(Enumerable.Range(0, 20).Select(c => filters[c].flatten().data<float>().ToArray()).ToArray());
        };
        using var batches = TestSearches.Start(options, out var started);
        using var searching = started;
        search = (FilterPruning)started;
        search.Run();
        Assert.NotEmpty(gone);
        Assert.All(gone, c => Assert.Equal(seen[0][c], seen[^1][c]));
        Assert.All(Enumerable.Range(0, 20).Except(gone), c => Assert.NotEqual(seen[0][c], seen[1][c]));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(40)]
    [InlineData(48)]
    public void A_search_killed_before_or_after_a_step_resumes_to_the_same_channels_and_weights(int killedAfter)
    {
        var whole = Outcome(_ => { });
        Assert.Throws<TimeoutException>(() => Outcome(o =>
        {
            (o.CheckpointPath, o.CheckpointInterval) = (Checkpoint, TimeSpan.Zero);
            o.MetricsCallback = p =>
            {
                if ((p.Epoch - 1) * p.Batches + p.Batch == killedAfter)
                    throw new TimeoutException();
            };
        }));
        Assert.Equal(whole, Outcome(o => o.CheckpointPath = Checkpoint));
    }

    [Fact]
    public void A_search_cancelled_in_the_middle_of_a_step_has_not_taken_it()
    {
        var (whole, asked) = (Outcome(_ => { }), 0);
        // Asked once before each of 16 batches and the step's own, then between the step's batches of gradients.
        Assert.Throws<OperationCanceledException>(() => Outcome(
            o => o.CheckpointPath = Checkpoint, RunLog.None with { IsCanceledAround = () => ++asked == 20 }));
        Assert.Equal(whole, Outcome(o => o.CheckpointPath = Checkpoint));
    }

    [Fact]
    public void Given_weights_teach_the_training_between_the_steps_and_a_pruned_network_teaches_nobody()
    {
        var (weights, unpruned) = (Path.Combine(_folder, "weights"), TestSearches.Options("magnitude"));
        TestSearches.Find("magnitude", o => o.CheckpointPath = weights);
        string? TeacherOf(double? weight, out string outcome)
        {
            var options = Options();
            (options.WeightsPath, options.DistillationWeight) = (weights, weight);
            options.CheckpointPath = $"{Checkpoint}{weight}";
            using var batches = TestSearches.Start(options, out var started);
            using var search = (FilterPruning)started;
            search.Run();
            outcome = Numbers(search.Network);
            return search.TeacherFile;
        }
        Assert.Equal(weights, TeacherOf(null, out var taught));
        Assert.Equal(weights, TeacherOf(0.5, out var half));
        Assert.Null(TeacherOf(0, out var alone));
        Assert.Equal(taught, half);
        Assert.NotEqual(taught, alone);
        using var network = SlimmableNetwork.Blank(
            unpruned.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), CPU);
        Assert.True(FrozenTeacher.IsTrained(CheckpointFile.IdentityOf(weights)!, network));
        Assert.False(FrozenTeacher.IsTrained(CheckpointFile.IdentityOf(Checkpoint)!, network));
    }

    [Fact]
    public void Weights_without_a_classifier_rank_nothing_by_their_loss_until_they_are_trained()
    {
        var path = Path.Combine(_folder, "pretrained");
        var others = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, classes: 7);
        var identity = new CheckpointIdentity(
            CheckpointIdentity.Pretrained, 0, others.ToJson(), "0 none", new Dictionary<string, string>());
        using (var network = new SlimmableNetwork(others, CPU, new RandomSource(1)))
            CheckpointFile.Write(path, identity, network.SaveWeights);
        var error = Assert.Throws<InvalidOperationException>(() => Outcome(o => (o.WeightsPath, o.PruningSteps) = (path, 1)));
        Assert.Contains(path, error.Message);
        Assert.Contains("PruningSteps", error.Message);
        Outcome(o => (o.WeightsPath, o.PruningSteps) = (path, 2));
    }

    private static FilterPruningOptions Options() => (FilterPruningOptions)TestSearches.Options("global-taylor");

    private static (string Config, string Weights) Outcome(Action<FilterPruningOptions> change, RunLog? log = null)
    {
        var options = Options();
        change(options);
        using var batches = TestSearches.Start(options, out var search, log);
        using var searching = search;
        return (search.Run().Config.ToJson(), Numbers(search.Network));
    }

    private static string Numbers(SlimmableNetwork network) =>
        string.Join(' ', network.parameters().SelectMany(p => p.detach().flatten().data<float>().ToArray()));
}
