using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.MLNet;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>The main job in an ML.NET pipeline: search, retrain, evaluate.</summary>
public sealed class PipelineTests : PipelineTest
{
    [Theory]
    [InlineData(TrainingPrecision.Single)]
    [InlineData(TrainingPrecision.BFloat16)]
    public void A_pipeline_searches_retrains_and_classifies_within_the_budget(TrainingPrecision precision)
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(256, seed: 1));
        var (search, retrain) = (SearchSettings(), Retrain());
        search.Precision = precision;
        retrain.Precision = precision;
        using var model = Label().Append(ML.Transforms.DmcpSearch(search))
            .Append(ML.MulticlassClassification.Trainers.PrunedRetrain(retrain)).Fit(data);
        var config = model.OfType<DmcpSearchTransformer>().Single().ChannelConfig;
        Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.9 * 0.5, 0.5);
        Assert.Equal(config.ToJson(), model.OfType<PrunedNetworkTransformer>().Single().ChannelConfig.ToJson());

        var metrics = ML.MulticlassClassification.Evaluate(model.Transform(ML.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2))));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
    }

    [Fact]
    public void Images_and_vectors_in_either_order_train_the_same_network()
    {
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        float[] Scores(IEstimator<ITransformer> features, PixelLayout layout)
        {
            // Fresh images every time: ExtractPixels disposes of those that it has read.
            IDataView images = ML.Data.LoadFromEnumerable(TestImages.ImageRows(64, seed: 1));
            var options = Retrain(config, epochs: 1);
            options.FeatureColumnName = "F";
            options.VectorLayout = layout;
            var model = ML.Transforms.Conversion.MapValueToKey("Label", "Name").Append(features)
                .Append(ML.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(images);
            return ML.Data.CreateEnumerable<ScoreRow>(model.Transform(ML.Data.LoadFromEnumerable(TestImages.ImageRows(64, seed: 1))), false)
                .SelectMany(r => r.Score).ToArray();
        }
        var asImage = Scores(ML.Transforms.CopyColumns("F", "Image"), PixelLayout.Planar);
        var planar = Scores(ML.Transforms.ExtractPixels("F", "Image"), PixelLayout.Planar);
        var interleaved = Scores(ML.Transforms.ExtractPixels("F", "Image", interleavePixelColors: true), PixelLayout.Interleaved);
        for (var i = 0; i < asImage.Length; i++)
        {
            Assert.Equal(asImage[i], planar[i], 1e-3f);
            Assert.Equal(planar[i], interleaved[i], 1e-5f);
        }
    }

    [Fact]
    public void The_same_seed_finds_the_same_config_and_another_may_not_change_its_cost_above_the_budget()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(96, seed: 1));
        string Find(int seed) =>
            new MLContext(seed).Transforms.DmcpSearch(SearchSettings(epochs: 2))
                .Fit(Label().Fit(data).Transform(data)).ChannelConfig.ToJson();
        Assert.Equal(Find(5), Find(5));
        var other = ChannelConfig.FromJson(Find(6));
        Assert.True(other.Flops <= other.UnprunedFlops / 2);
    }

    [Fact]
    public void A_network_with_dropout_is_reproducible_from_the_seed_too()
    {
        var network = new NetworkArchitecture("dropout", net =>
            net.Linear(net.Dropout(net.GlobalAveragePool(net.ReLU(net.BatchNorm(net.Conv(net.Input, 8, 3)))), 0.5), net.Classes));
        var config = UniformScaling.Find(network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(0.9));
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        float[] Scores()
        {
            var options = Retrain(config, epochs: 2);
            options.Network = network;
            options.Seed = 3;
            return Predict(Label().Append(ML.Transforms.PrunedRetrain(options)).Fit(data), data).SelectMany(p => p.Score).ToArray();
        }
        var first = Scores();
        global::TorchSharp.torch.rand(5L);
        Assert.Equal(first, Scores());
    }

    [Fact]
    public void The_promised_schema_is_the_delivered_one_with_every_annotation()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var labelled = Label().Fit(data).Transform(data);
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        IEstimator<ITransformer>[] estimators =
        [
            ML.Transforms.DmcpSearch(SearchSettings(epochs: 2)),
            ML.Transforms.PrunedRetrain(Retrain(config, epochs: 1)),
        ];
        foreach (var estimator in estimators)
        {
            var transformer = estimator.Fit(labelled);
            var delivered = transformer.Transform(labelled).Schema;
            Assert.Equal(
                delivered.Select(c => (c.Name, c.Type.ToString())),
                transformer.GetOutputSchema(labelled.Schema).Select(c => (c.Name, c.Type.ToString())));
            var input = MLNetInternals.ShapeOf(labelled.Schema);
            foreach (var promised in estimator.GetOutputSchema(input))
            {
                var column = delivered[promised.Name];
                Assert.Equal(promised.Kind != SchemaShape.Column.VectorKind.Scalar, column.Type is VectorDataViewType);
                Assert.Equal(promised.IsKey, column.Type is KeyDataViewType);
                Assert.Equal(promised.Annotations.Select(a => a.Name).Order(), column.Annotations.Schema.Select(a => a.Name).Order());
            }
        }
    }

    [Fact]
    public void Progress_reports_phase_epoch_losses_cost_speed_and_time_left()
    {
        var reports = new List<TrainingProgress>();
        var options = SearchSettings(epochs: 4);
        options.MetricsCallback = reports.Add;
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        Label().Append(ML.Transforms.DmcpSearch(options)).Fit(data);
        var epochs = reports.Where(r => r.EndsEpoch).ToArray();
        Assert.Equal([1, 2, 3, 4], epochs.Select(e => e.Epoch));
        Assert.Equal([TrainingPhase.WarmUp, TrainingPhase.WarmUp, TrainingPhase.Search, TrainingPhase.Search], epochs.Select(e => e.Phase));
        Assert.All(reports, r => Assert.True(double.IsFinite(r.Loss) && r.ImagesPerSecond > 0 && r.TimeLeft >= TimeSpan.Zero));
        Assert.All(epochs, e => Assert.Equal(e.Phase == TrainingPhase.Search, e.Costs.Any(c => c.Expected > 0) && e.ArchitectureLoss > 0));
        Assert.Equal(TimeSpan.Zero, epochs[^1].TimeLeft);
    }

    [Fact]
    public void Messages_reach_the_log_of_the_MLContext()
    {
        var messages = new List<string>();
        ML.Log += (_, e) => messages.Add(e.Message);
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        Label().Append(ML.Transforms.DmcpSearch(SearchSettings(epochs: 2))).Fit(data);
        Assert.Contains(messages, m => m.Contains("epoch  2/2", StringComparison.Ordinal));
    }

    [Fact]
    public void A_cancelled_run_ends_at_once()
    {
        using var source = new CancellationTokenSource();
        var options = SearchSettings(epochs: 1000);
        options.CancellationToken = source.Token;
        options.MetricsCallback = _ => source.Cancel();
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        Assert.Throws<OperationCanceledException>(() => Label().Append(ML.Transforms.DmcpSearch(options)).Fit(data));
    }
}
