using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Native;
using TorchSharp;

namespace Microsoft.ML.Dmcp.Tests.Search;

/// <summary>What every search method owes its user.</summary>
public sealed class SearchMethodTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-methods").FullName;

    public static TheoryData<string> Methods => new([.. TestSearches.Names, "uniform"]);

    public static TheoryData<string> MethodsThatTrain => new(TestSearches.Names);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_finds_a_config_in_the_budget_in_a_pipeline_that_retrains_saves_and_loads_it(string name)
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));
        ImageRunOptions options = name == "uniform" ? TestSearches.Uniform(TrainedWeights()) : TestSearches.Options(name);
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
            NumberOfEpochs = 10,
            BatchSize = 16,
            Method = RetrainMethod.FineTuning,
        }));
        var model = pipeline.Fit(data);
        var config = model.OfType<ChannelSearchTransformer>().Single().ChannelConfig;
        Assert.Equal(name, config.Method.Name);
        Assert.Equal("1", config.Method.Settings["seed"]);
        Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.35, 0.5);
        var accuracy = ml.MulticlassClassification.Evaluate(
            model.Transform(ml.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2)))).MicroAccuracy;
        Assert.True(accuracy > 0.85, $"accuracy {accuracy}");

        var path = Path.Combine(_folder, "model.zip");
        ml.Model.Save(model, data.Schema, path);
        var loaded = (IEnumerable<ITransformer>)new MLContext(seed: 2).Model.Load(path, out _);
        Assert.Equal(config.ToJson(), loaded.OfType<ChannelSearchTransformer>().Single().ChannelConfig.ToJson());
    }

    [Theory]
    [MemberData(nameof(MethodsThatTrain))]
    public void Every_method_gives_the_same_config_for_the_same_seed_and_after_a_stop(string name)
    {
        using var threads = new RunThreads(2);
        var whole = TestSearches.Find(name, _ => { });
        Assert.Equal(whole, TestSearches.Find(name, _ => { }));
        using var cancel = new CancellationTokenSource();
        var path = Path.Combine(_folder, "checkpoint");
        Assert.Throws<OperationCanceledException>(() => TestSearches.Find(name, o =>
        {
            o.CheckpointPath = path;
            o.CancellationToken = cancel.Token;
            o.MetricsCallback = p =>
            {
                if (p is { Epoch: 3, Batch: 3 })
                    cancel.Cancel();
            };
        }));
        Assert.Equal(whole, TestSearches.Find(name, o => o.CheckpointPath = path));
    }

    [Theory]
    [MemberData(nameof(MethodsThatTrain))]
    public void Not_one_tensor_more_lives_after_every_epoch_of_a_search_nor_after_the_search(string name)
    {
        TestSearches.Find(name, _ => { });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var counts = new List<long>();
        TestSearches.Find(name, o =>
        {
            o.NumberOfEpochs = 10;
            o.CheckpointPath = Path.Combine(_folder, "checkpoint");
            o.CheckpointInterval = TimeSpan.Zero;
            o.MetricsCallback = p =>
            {
                if (p.EndsEpoch && p.Phase != TrainingPhase.Choose)
                    counts.Add(DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            };
        });
        // DMCP searches from the sixth epoch on; the momentum of α is there in the seventh.
        Assert.Equal(counts[^4..], Enumerable.Repeat(counts[^1], 4));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Uniform_scaling_in_a_pipeline_finds_the_widths_that_it_finds_without_images()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(TestImages.Rows(12, seed: 1));
        var images = ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
        var config = ml.Transforms.UniformScaling(TestSearches.Uniform()).Fit(images).ChannelConfig;
        var unpruned = TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var expected = UniformScaling.Find(unpruned, Budget.FlopsRatio(0.5));
        Assert.Equal(expected.Groups.Select(g => g.Width), config.Groups.Select(g => g.Width));
        Assert.Equal(expected.Method.Settings["factor"], config.Method.Settings["factor"]);
    }

    [Fact]
    public void A_search_that_is_stopped_while_it_chooses_evaluates_no_structure_twice()
    {
        var path = Path.Combine(_folder, "checkpoint");
        var whole = TestSearches.Find("autoslim", o => o.CheckpointPath = path);
        var file = path + ".structures";
        int Kept() => File.ReadAllText(file).Count(c => c == ':') - 2;
        var all = Kept();
        File.Delete(file);
        // The training is done: every evaluation asks whether to continue before it begins, and before each batch of five to calibrate and
        // two to evaluate on.
        const int questions = 8;
        int Evaluations(int most)
        {
            var asked = 0;
            var log = RunLog.None with { IsCanceledAround = () => ++asked > questions * most };
            if (most < all)
                Assert.Throws<OperationCanceledException>(() => TestSearches.Find("autoslim", o => o.CheckpointPath = path, log));
            else
                Assert.Equal(whole, TestSearches.Find("autoslim", o => o.CheckpointPath = path, log));
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
        var whole = TestSearches.Find("magnitude", _ => { });
        // The folder goes away, and a file takes its name: nothing can be written there any more.
        void FillsTheDisk(ChannelSearchOptions options)
        {
            options.CheckpointPath = path;
            options.CheckpointInterval = TimeSpan.Zero;
            options.MetricsCallback = p =>
            {
                if (p is not { Epoch: 2, EndsEpoch: true })
                    return;
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
                File.WriteAllText(Path.GetDirectoryName(path)!, "");
            };
        }
        var found = TestSearches.Find("magnitude", FillsTheDisk, RunLog.None with { Warning = warnings.Add });
        Assert.Equal(whole, found);
        Assert.Contains(path, warnings[0]);
    }

    /// <summary>A checkpoint with weights of the unpruned network.</summary>
    private string TrainedWeights()
    {
        var path = Path.Combine(_folder, "weights");
        TestSearches.Find("magnitude", o => o.CheckpointPath = path);
        return path;
    }
}
