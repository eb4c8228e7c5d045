using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Tests.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>What every search method owes its user.</summary>
public sealed class SearchMethodTests : IDisposable
{
    private static readonly Dictionary<string, Func<ChannelSearchOptions>> All = new()
    {
        ["dmcp"] = () => new DmcpSearchOptions(),
        ["dais"] = () => new DaisSearchOptions(),
        ["autoslim"] = () => new AutoSlimOptions { EvaluationShare = 0.25 },
        ["random"] = () => new RandomStructuresOptions { NumberOfStructures = 5, EvaluationShare = 0.25 },
        ["evolutionary"] = () => new EvolutionarySearchOptions { Population = 4, Generations = 3, EvaluationShare = 0.25 },
        ["magnitude"] = () => new FilterPruningOptions(),
        ["fpgm"] = () => new FilterPruningOptions { Criterion = FilterCriterion.GeometricMedian },
        ["sfp"] = () => new SoftFilterPruningOptions(),
    };

    private static readonly RunLog Silent = new(_ => { }, _ => { });

    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-methods").FullName;

    public static TheoryData<string> Methods => new([.. All.Keys, "uniform"]);

    public static TheoryData<string> MethodsThatTrain => new(All.Keys);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_finds_a_config_in_the_budget_in_a_pipeline_that_retrains_saves_and_loads_it(string name)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));
        RunOptions options = name == "uniform" ? Uniform(TrainedWeights()) : Options(name);
        if (options is TrainingOptions trained)
            trained.CheckpointPath = Path.Combine(_folder, "checkpoint");
        IEstimator<ChannelSearchTransformer> search = options switch
        {
            DmcpSearchOptions o => ml.Transforms.DmcpSearch(o),
            DaisSearchOptions o => ml.Transforms.DaisSearch(o),
            AutoSlimOptions o => ml.Transforms.AutoSlimSearch(o),
            RandomStructuresOptions o => ml.Transforms.RandomStructuresSearch(o),
            EvolutionarySearchOptions o => ml.Transforms.EvolutionarySearch(o),
            SoftFilterPruningOptions o => ml.Transforms.SoftFilterPruning(o),
            FilterPruningOptions o => ml.Transforms.FilterPruning(o),
            UniformScalingOptions o => ml.Transforms.UniformScaling(o),
            _ => throw new ArgumentException(name),
        };
        var label = ml.Transforms.Conversion.MapValueToKey("Label", "Name");
        // Fine-tuning takes the weights of the search over, of the very channels that it kept.
        var pipeline = label.Append(search).Append(ml.Transforms.PrunedRetrain(new PrunedRetrainOptions
        {
            FeatureColumnName = nameof(VectorRow.Pixels),
            VectorLayout = PixelLayout.Interleaved,
            NumberOfEpochs = 6,
            BatchSize = 16,
            Method = RetrainMethod.FineTuning,
        }));
        var model = pipeline.Fit(data);
        var config = model.OfType<ChannelSearchTransformer>().Single().ChannelConfig;
        Assert.Equal(name, config.Method.Name);
        Assert.Equal("1", config.Method.Settings["seed"]);
        Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.35, 0.5);
        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2)))).MicroAccuracy;
        Assert.True(accuracy > 0.9, $"accuracy {accuracy}");

        var path = Path.Combine(_folder, "model.zip");
        ml.Model.Save(model, data.Schema, path);
        var loaded = (IEnumerable<ITransformer>)new MLContext(seed: 2).Model.Load(path, out _);
        Assert.Equal(config.ToJson(), loaded.OfType<ChannelSearchTransformer>().Single().ChannelConfig.ToJson());
    }

    [Theory]
    [MemberData(nameof(MethodsThatTrain))]
    public void Every_method_gives_the_same_config_for_the_same_seed_and_after_a_stop(string name)
    {
        var whole = Find(name, _ => { });
        Assert.Equal(whole, Find(name, _ => { }));
        using var cancel = new CancellationTokenSource();
        var path = Path.Combine(_folder, "checkpoint");
        Assert.Throws<OperationCanceledException>(() => Find(name, o =>
        {
            (o.CheckpointPath, o.CancellationToken) = (path, cancel.Token);
            o.MetricsCallback = p =>
            {
                if (p is { Epoch: 3, Batch: 3 })
                    cancel.Cancel();
            };
        }));
        Assert.Equal(whole, Find(name, o => o.CheckpointPath = path));
    }

    [Theory]
    [MemberData(nameof(MethodsThatTrain))]
    public void Not_one_tensor_more_lives_after_every_epoch_of_a_search_nor_after_the_search(string name)
    {
        Find(name, _ => { });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var counts = new List<long>();
        Find(name, o => (o.NumberOfEpochs, o.CheckpointPath, o.CheckpointInterval, o.MetricsCallback) = (10, Path.Combine(_folder, "checkpoint"), TimeSpan.Zero, p =>
        {
            if (p.EndsEpoch && p.Phase != TrainingPhase.Choose)
                counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }));
        // DMCP searches from the sixth epoch on; the momentum of α is there in the seventh.
        Assert.Equal(counts[^4..], Enumerable.Repeat(counts[^1], 4));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Soft_pruning_silences_channels_after_every_epoch_lets_them_come_back_and_does_not_throw_training_back()
    {
        var (silent, norms, losses) = (new List<double>(), new List<double>(), new List<double>());
        SlimmableNetwork? network = null;
        var options = Options("sfp");
        var norm = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes).Layers.OfType<BatchNormLayer>().First().Name + ".weight";
        options.MetricsCallback = p =>
        {
            using var scope = NewDisposeScope();
            using var noGradient = no_grad();
            if (p.EndsEpoch)
                losses.Add(p.Loss);
            if (!p.EndsEpoch && p.Batch != 1)
                return;
            var state = network!.state_dict();
            silent.Add(state[norm].eq(0).to(ScalarType.Float64).mean().ToDouble());
            norms.Add(state["conv1.weight"].square().sum([1, 2, 3]).sqrt().max().ToDouble());
        };
        using var batches = Start(options, out var search);
        using var searching = search;
        network = search.Network;
        var kept = search.Run().Config.Groups[0];
        // At the end of every epoch as many as the budget takes, fewer after the first step of the next.
        Assert.All(silent.Where((_, i) => i % 2 == 1), z => Assert.Equal(1 - (double)kept.Width / kept.Channels, z, 1e-9));
        Assert.All(silent.Where((_, i) => i % 2 == 0).Skip(1), z => Assert.True(z < 1 - (double)kept.Width / kept.Channels));
        Assert.All(norms, n => Assert.InRange(n, 0, 3 * norms[0]));
        Assert.True(losses[^1] < losses[0], string.Join(' ', losses));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("residual")]
    [InlineData("inverted")]
    [InlineData("dense")]
    [InlineData("squeeze")]
    [InlineData("mixed")]
    public void What_soft_pruning_takes_out_in_the_end_changes_no_score(string network)
    {
        var options = Options("sfp");
        options.Network = SmallNetworks.Find(network);
        using var batches = Start(options, out var search);
        using var searching = search;
        var kept = search.Run().Config.Groups.Select(g => g.Kept!).ToArray();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pruned = search.Network.Slice(kept);
        var images = rand(8, 3, TestImages.Size, TestImages.Size);
        var (expected, actual) = (search.Network.Run(images, new NetworkPass(NormStatistics.Running)), pruned.Run(images, new NetworkPass(NormStatistics.Running)));
        Assert.InRange(expected.sub(actual).abs().max().ToDouble(), 0, 1e-4);
    }

    [Fact]
    public void Given_weights_are_ranked_as_they_are_and_given_shares_are_kept()
    {
        var trained = Options("magnitude");
        trained.CheckpointPath = Path.Combine(_folder, "weights");
        var first = (FilterPruningOptions)Options("magnitude");
        string Config(ChannelSearchOptions options)
        {
            using var batches = Start(options, out var search);
            using var searching = search;
            return string.Join(';', search.Run().Config.Groups.Select(g => string.Join(',', g.Kept!)));
        }
        var expected = Config(trained);
        (first.WeightsPath, first.NumberOfEpochs) = (trained.CheckpointPath, 1);
        Assert.Equal(expected, Config(first));
        first.KeepShares = new Dictionary<string, double> { ["conv1"] = 0.25, ["conv4"] = 0.4, ["conv7"] = 0.5 };
        Assert.Equal([3, 8, 10], Config(first).Split(';').Select(g => g.Split(',').Length));
        first.KeepShares = new Dictionary<string, double> { ["conv99"] = 0.25 };
        Assert.Contains("conv99", Assert.Throws<ArgumentOutOfRangeException>(() => Config(first)).Message);
        first.KeepShares = new Dictionary<string, double> { ["conv1"] = 0.99 };
        Assert.Contains("KeepShares", Assert.Throws<ArgumentOutOfRangeException>(() => Config(first)).Message);
    }

    [Fact]
    public void Uniform_scaling_in_a_pipeline_finds_the_widths_that_it_finds_without_images()
    {
        var ml = new MLContext(seed: 1);
        var images = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(ml.Data.LoadFromEnumerable(TestImages.Rows(12, seed: 1))).Transform(ml.Data.LoadFromEnumerable(TestImages.Rows(12, seed: 1)));
        var config = ml.Transforms.UniformScaling(Uniform()).Fit(images).ChannelConfig;
        var expected = UniformScaling.Find(TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(0.5));
        Assert.Equal(expected.Groups.Select(g => g.Width), config.Groups.Select(g => g.Width));
        Assert.Equal(expected.Method.Settings["factor"], config.Method.Settings["factor"]);
    }

    [Fact]
    public void A_search_that_is_stopped_while_it_chooses_evaluates_no_structure_twice()
    {
        var path = Path.Combine(_folder, "checkpoint");
        var whole = Find("autoslim", o => o.CheckpointPath = path);
        var file = path + ".structures";
        int Kept() => File.ReadAllText(file).Count(c => c == ':') - 2;
        var all = Kept();
        File.Delete(file);
        // The training is done: every evaluation asks whether to go on before it begins, and before each batch of five to calibrate and two to evaluate on.
        const int questions = 8;
        int Evaluations(int most)
        {
            var asked = 0;
            var log = Silent with { IsCanceledAround = () => ++asked > questions * most };
            if (most < all)
                Assert.Throws<OperationCanceledException>(() => Find("autoslim", o => o.CheckpointPath = path, log));
            else
                Assert.Equal(whole, Find("autoslim", o => o.CheckpointPath = path, log));
            return asked / questions;
        }
        Evaluations(7);
        Assert.Equal(7, Kept());
        Assert.InRange(Evaluations(all), 1, all - 7 + 1);
        // Structures of other weights, and a file that is none, are not believed.
        foreach (var other in (string[])["{\"Weights\":\"00\",\"Accuracies\":{\"1,1,1\":1}}", "{", ""])
        {
            File.WriteAllText(file, other);
            Assert.InRange(Evaluations(2 * all), all, all + 1);
        }
    }

    [Fact]
    public void A_full_disk_during_the_search_costs_the_checkpoint_and_not_the_result()
    {
        var path = Path.Combine(_folder, "run", "checkpoint");
        var warnings = new List<string>();
        var whole = Find("magnitude", _ => { });
        // The folder goes away, and a file takes its name: nothing can be written there any more.
        var found = Find("magnitude", o => (o.CheckpointPath, o.CheckpointInterval, o.MetricsCallback) = (path, TimeSpan.Zero, p =>
        {
            if (p is { Epoch: 2, EndsEpoch: true })
            {
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
                File.WriteAllText(Path.GetDirectoryName(path)!, "");
            }
        }), Silent with { Warning = warnings.Add });
        Assert.Equal(whole, found);
        Assert.Contains(path, warnings[0]);
    }

    [Fact]
    public void Kept_channels_that_cannot_be_are_refused()
    {
        var network = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var method = new SearchMethod("test", new Dictionary<string, string>());
        Assert.Equal([1, 5], ChannelConfig.OfKept(network, [[1, 5], [0], [3]], method).Groups[0].Kept!);
        foreach (var wrong in (int[][])[[5, 1], [1, 1], [-1, 2], [0, 12]])
            Assert.Contains("conv1", Assert.Throws<ArgumentException>(() => ChannelConfig.OfKept(network, [wrong, [0], [3]], method)).Message);
        var narrowed = ChannelConfig.OfKept(network, [[1, 5], [0], [3]], method);
        narrowed = narrowed with { Groups = [narrowed.Groups[0] with { Width = 1 }, .. narrowed.Groups.Skip(1)] };
        Assert.Contains("conv1", Assert.Throws<FormatException>(() => ChannelConfig.FromJson(narrowed.ToJson())).Message);
        Assert.Contains("conv1", Assert.Throws<ArgumentException>(() => narrowed.KeptFor(network)).Message);
    }

    /// <summary>A checkpoint with weights of the unpruned network.</summary>
    private string TrainedWeights()
    {
        var path = Path.Combine(_folder, "weights");
        Find("magnitude", o => o.CheckpointPath = path);
        return path;
    }

    private static string Find(string name, Action<ChannelSearchOptions> change, RunLog? log = null)
    {
        var options = Options(name);
        change(options);
        using var batches = Start(options, out var search, log);
        using var searching = search;
        return search.Run().Config.ToJson();
    }

    private static BatchSource Start(ChannelSearchOptions options, out ChannelSearch search, RunLog? log = null)
    {
        options.Check();
        var set = TestImages.Set(128, seed: 1);
        var batches = new BatchSource(set.Shape, Normalization.Of(set), CPU);
        var network = options.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        search = SearchMethods.Create(options, new SearchTask(
            network, new ImageBatches(set, batches, options.BatchSize), 1, (log ?? RunLog.None) with { Token = options.CancellationToken }));
        return batches;
    }

    private static UniformScalingOptions Uniform(string? weights = null) => new()
    {
        Network = TestImages.Network,
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        WeightsPath = weights,
    };

    private static ChannelSearchOptions Options(string name)
    {
        var options = All[name]();
        (options.Network, options.NumberOfEpochs, options.BatchSize, options.RandomHorizontalFlip) = (TestImages.Network, 6, 16, true);
        (options.FeatureColumnName, options.VectorLayout) = (nameof(VectorRow.Pixels), PixelLayout.Interleaved);
        return options;
    }
}
