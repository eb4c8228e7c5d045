using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators.MLNet;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>The main job: search, retrain, evaluate, save, load and predict in an ML.NET pipeline.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-pipeline").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(TrainingPrecision.Single)]
    [InlineData(TrainingPrecision.BFloat16)]
    public void A_pipeline_searches_retrains_and_classifies_within_the_budget(TrainingPrecision precision)
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(256, seed: 1));
        var (search, retrain) = (SearchSettings(), Retrain());
        (search.Precision, retrain.Precision) = (precision, precision);
        using var model = Label().Append(_ml.Transforms.DmcpSearch(search)).Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(retrain)).Fit(data);
        var config = model.OfType<DmcpSearchTransformer>().Single().ChannelConfig;
        Assert.InRange((double)config.Flops / config.UnprunedFlops, 0.9 * 0.5, 0.5);
        Assert.Equal(config.ToJson(), model.OfType<PrunedNetworkTransformer>().Single().ChannelConfig.ToJson());

        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2))));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
    }

    [Fact]
    public void A_saved_model_predicts_the_same_when_loaded_and_row_by_row()
    {
        var rows = TestImages.Rows(150, seed: 3);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var model = Label().Append(_ml.Transforms.PrunedRetrain(Retrain(config))).Fit(data);
        var expected = Predict(model, data);

        var path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, data.Schema, path);
        var other = new MLContext(seed: 99);
        var loaded = other.Model.Load(path, out _);
        Assert.Equal(expected.Select(p => p.Score), Predict(loaded, data).Select(p => p.Score));
        Assert.Equal(config.ToJson(), ((IEnumerable<ITransformer>)loaded).OfType<PrunedNetworkTransformer>().Single().ChannelConfig.ToJson());

        using var engine = other.Model.CreatePredictionEngine<VectorRow, PredictionRow>(loaded);
        for (var i = 0; i < 10; i++)
        {
            var one = engine.Predict(rows[i]);
            Assert.Equal(expected[i].PredictedLabel, one.PredictedLabel);
            for (var c = 0; c < TestImages.Classes; c++)
                Assert.Equal(expected[i].Score[c], one.Score[c], 1e-4f);
        }
    }

    [Fact]
    public void Images_and_vectors_in_either_order_train_the_same_network()
    {
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        float[] Scores(IEstimator<ITransformer> features, PixelLayout layout)
        {
            // Fresh images every time: ExtractPixels disposes of those that it has read.
            IDataView images = _ml.Data.LoadFromEnumerable(TestImages.ImageRows(64, seed: 1));
            var options = Retrain(config, epochs: 1);
            options.FeatureColumnName = "F";
            options.VectorLayout = layout;
            var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(features).Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(images);
            return _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(_ml.Data.LoadFromEnumerable(TestImages.ImageRows(64, seed: 1))), false).SelectMany(r => r.Score).ToArray();
        }
        var asImage = Scores(_ml.Transforms.CopyColumns("F", "Image"), PixelLayout.Planar);
        var planar = Scores(_ml.Transforms.ExtractPixels("F", "Image"), PixelLayout.Planar);
        var interleaved = Scores(_ml.Transforms.ExtractPixels("F", "Image", interleavePixelColors: true), PixelLayout.Interleaved);
        for (var i = 0; i < asImage.Length; i++)
        {
            Assert.Equal(asImage[i], planar[i], 1e-3f);
            Assert.Equal(planar[i], interleaved[i], 1e-5f);
        }
    }

    [Fact]
    public void The_same_seed_finds_the_same_config_and_another_may_not_change_its_cost_above_the_budget()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(96, seed: 1));
        string Find(int seed) => new MLContext(seed).Transforms.DmcpSearch(SearchSettings(epochs: 2)).Fit(Label().Fit(data).Transform(data)).ChannelConfig.ToJson();
        Assert.Equal(Find(5), Find(5));
        var other = ChannelConfig.FromJson(Find(6));
        Assert.True(other.Flops <= other.UnprunedFlops / 2);
    }

    [Fact]
    public void Class_names_flow_from_the_labels_to_scores_and_predictions()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var schema = Label().Append(_ml.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data).Transform(data).Schema;
        var names = new[] { "class-0", "class-1", "class-2", "class-3" };
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema["Score"].GetSlotNames(ref values);
        Assert.Equal(names, values.DenseValues().ToArray().Select(v => v.ToString()));
        schema["PredictedLabel"].GetKeyValues(ref values);
        Assert.Equal(names, values.DenseValues().ToArray().Select(v => v.ToString()));
    }

    [Fact]
    public void Rows_keep_their_order_and_their_other_columns_while_predicted_in_batches()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(150, seed: 1));
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var predictions = Predict(Label().Append(_ml.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data), data);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (float)i), predictions.Select(p => p.Number));
        Assert.All(predictions, p => Assert.Equal(1, p.Score.Sum(), 1e-4f));
        Assert.All(predictions, p => Assert.Equal(p.Score.Max(), p.Score[p.PredictedLabel - 1]));
    }

    [Fact]
    public void A_config_file_can_be_retrained_and_a_zoo_network_is_found_by_its_name()
    {
        var network = NetworkZoo.CifarResNet(8, 0.5).Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);
        var path = Path.Combine(_folder, "config.json");
        UniformScaling.Find(network, Budget.FlopsRatio(0.25)).Save(path);
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var options = Retrain(epochs: 1);
        (options.ChannelConfigPath, options.Network) = (path, null);
        var model = Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data);
        Assert.Equal(ChannelConfig.Load(path).Flops, model.LastTransformer.ChannelConfig.Flops);
    }

    [Fact]
    public void A_config_whose_widths_were_edited_by_hand_is_counted_anew_with_a_warning()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var edited = config with { Groups = config.Groups.Select(g => g with { Width = 2 }).ToArray() };
        var model = Label().Append(_ml.Transforms.PrunedRetrain(Retrain(edited, epochs: 1))).Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1)));
        Assert.Contains("which are used", Assert.Single(warnings));
        Assert.True(model.LastTransformer.ChannelConfig.Flops < config.Flops / 2);
    }

    [Fact]
    public void Labels_that_are_numbers_keep_their_names()
    {
        var rows = TestImages.Rows(64, seed: 1).Select(r => new NumberedRow { Digit = 9 - 2 * (r.Name[^1] - '0'), Pixels = r.Pixels }).ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Digit").Append(_ml.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data);
        Assert.Equal(["9", "7", "5", "3"], model.LastTransformer.ClassNames);
    }

    [Fact]
    public void A_network_with_dropout_is_reproducible_from_the_seed_too()
    {
        var network = new NetworkArchitecture("dropout", net =>
            net.Linear(net.Dropout(net.GlobalAveragePool(net.ReLU(net.BatchNorm(net.Conv(net.Input, 8, 3)))), 0.5), net.Classes));
        var config = UniformScaling.Find(network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(0.9));
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        float[] Scores()
        {
            var options = Retrain(config, epochs: 2);
            (options.Network, options.Seed) = (network, 3);
            return Predict(Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data), data).SelectMany(p => p.Score).ToArray();
        }
        var first = Scores();
        global::TorchSharp.torch.rand(5L);
        Assert.Equal(first, Scores());
    }

    [Fact]
    public void The_promised_schema_is_the_delivered_one_with_every_annotation()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var labelled = Label().Fit(data).Transform(data);
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        foreach (var estimator in (IEstimator<ITransformer>[])[_ml.Transforms.DmcpSearch(SearchSettings(epochs: 2)), _ml.Transforms.PrunedRetrain(Retrain(config, epochs: 1))])
        {
            var transformer = estimator.Fit(labelled);
            var delivered = transformer.Transform(labelled).Schema;
            Assert.Equal(delivered.Select(c => (c.Name, c.Type.ToString())), transformer.GetOutputSchema(labelled.Schema).Select(c => (c.Name, c.Type.ToString())));
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
    public void Every_truncation_of_a_model_file_is_refused_and_none_crashes()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var model = Label().Append(_ml.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data);
        var path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, data.Schema, path);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length += bytes.Length / 12)
            Assert.ThrowsAny<Exception>(() => _ml.Model.Load(new MemoryStream(bytes[..length]), out _));
    }

    [Fact]
    public void Several_cursors_at_once_and_on_several_threads_predict_the_same()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 1));
        var config = UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5));
        var model = Label().Append(_ml.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data);
        var expected = Predict(model, data).Select(p => p.Score).ToArray();
        Parallel.For(0, 4, _ => Assert.Equal(expected, Predict(model, data).Select(p => p.Score).ToArray()));
    }

    [Fact]
    public void Structures_drawn_from_a_search_meet_the_budget_differ_and_come_again_from_the_saved_model()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(128, seed: 1));
        var model = Label().Append(_ml.Transforms.DmcpSearch(SearchSettings(epochs: 8))).Fit(data);
        var search = model.LastTransformer;
        var structures = search.SampleStructures(5, seed: 3, tolerance: 0.3);
        Assert.Equal(5, structures.Select(s => string.Join(',', s.Groups.Select(g => g.Width))).Distinct().Count());
        Assert.All(structures, s => Assert.InRange(s.Flops, (long)(0.7 * 0.5 * s.UnprunedFlops), s.UnprunedFlops / 2));
        Assert.Equal(structures.Select(s => s.ToJson()), search.SampleStructures(5, seed: 3, tolerance: 0.3).Select(s => s.ToJson()));
        Assert.NotEqual(structures.Select(s => s.ToJson()), search.SampleStructures(5, seed: 4, tolerance: 0.3).Select(s => s.ToJson()));

        var path = Path.Combine(_folder, "search.zip");
        _ml.Model.Save(model, data.Schema, path);
        var loaded = ((IEnumerable<ITransformer>)_ml.Model.Load(path, out _)).OfType<DmcpSearchTransformer>().Single();
        Assert.Equal(search.ChannelConfig.ToJson(), loaded.ChannelConfig.ToJson());
        Assert.Equal(structures.Select(s => s.ToJson()), loaded.SampleStructures(5, seed: 3, tolerance: 0.3).Select(s => s.ToJson()));

        var error = Assert.Throws<InvalidOperationException>(() => search.SampleStructures(5, tolerance: 0, maxDraws: 1000));
        Assert.Contains("1000 draws gave", error.Message);
        Assert.Contains("tolerance", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => search.SampleStructures(0));
    }

    [Fact]
    public void Progress_tells_phase_epoch_losses_cost_speed_and_time_left()
    {
        var reports = new List<TrainingProgress>();
        var options = SearchSettings(epochs: 4);
        options.MetricsCallback = reports.Add;
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        Label().Append(_ml.Transforms.DmcpSearch(options)).Fit(data);
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
        _ml.Log += (_, e) => messages.Add(e.Message);
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        Label().Append(_ml.Transforms.DmcpSearch(SearchSettings(epochs: 2))).Fit(data);
        Assert.Contains(messages, m => m.Contains("epoch 2/2", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_way_to_retrain_is_labelled_as_such_and_stays_so_when_saved()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));
        var search = SearchSettings();
        search.CheckpointPath = Path.Combine(_folder, "search.checkpoint");
        var searched = Label().Append(_ml.Transforms.DmcpSearch(search));
        foreach (var method in Enum.GetValues<RetrainMethod>())
        {
            // The search's second run takes its result from the checkpoint, and the weights come from there too.
            var retrain = Retrain();
            (retrain.Method, retrain.BatchSize) = (method, 16);
            var model = searched.Append(_ml.Transforms.PrunedRetrain(retrain)).Fit(data);
            Assert.Equal(method, model.LastTransformer.Method);
            var path = Path.Combine(_folder, method + ".zip");
            _ml.Model.Save(model, data.Schema, path);
            Assert.Equal(method, ((IEnumerable<ITransformer>)_ml.Model.Load(path, out _)).OfType<PrunedNetworkTransformer>().Single().Method);
            var accuracy = _ml.MulticlassClassification.Evaluate(model.Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2)))).MicroAccuracy;
            Assert.True(accuracy > (method == RetrainMethod.Calibration ? 0.6 : 0.9), $"{method}: accuracy {accuracy}");
        }
    }

    [Fact]
    public void Weights_that_are_needed_and_missing_or_given_and_not_wanted_are_refused_with_the_mend()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1));
        var tuning = Retrain(UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5)));
        tuning.Method = RetrainMethod.FineTuning;
        Assert.Contains("WeightsPath", Assert.Throws<InvalidOperationException>(() => Label().Append(_ml.Transforms.PrunedRetrain(tuning)).Fit(data)).Message);
        var search = Search().Append(_ml.Transforms.PrunedRetrain(new PrunedRetrainOptions
        {
            Method = RetrainMethod.Calibration,
            FeatureColumnName = nameof(VectorRow.Pixels),
            VectorLayout = PixelLayout.Interleaved,
        }));
        Assert.Contains("CheckpointPath", Assert.Throws<InvalidOperationException>(() => search.Fit(data)).Message);
        var scratch = Retrain();
        scratch.WeightsPath = Path.Combine(_folder, "weights");
        File.WriteAllText(scratch.WeightsPath, "no checkpoint");
        Assert.Contains("FineTuning", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.PrunedRetrain(scratch)).Message);
        (tuning.WeightsPath, scratch.WeightsPath) = (scratch.WeightsPath, null);
        Assert.Contains("no checkpoint", Assert.Throws<FormatException>(() => Label().Append(_ml.Transforms.PrunedRetrain(tuning)).Fit(data)).Message);
    }

    [Fact]
    public void Fine_tuning_of_other_weights_is_another_run()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        string Weights(int epochs)
        {
            var path = Path.Combine(_folder, $"weights{epochs}");
            var options = Retrain(UniformScaling.Find(Describe(), Budget.FlopsRatio(1)), epochs);
            (options.CheckpointPath, options.Seed) = (path, 1);
            Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data).LastTransformer.Dispose();
            return path;
        }
        void Tune(string weights)
        {
            var options = Retrain(UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5)), epochs: 1);
            (options.Method, options.WeightsPath, options.CheckpointPath, options.Seed) = (RetrainMethod.FineTuning, weights, Path.Combine(_folder, "tuning"), 1);
            Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data).LastTransformer.Dispose();
        }
        var (one, two) = (Weights(1), Weights(2));
        Tune(one);
        Tune(one);
        Assert.Contains("startingWeights", Assert.Throws<InvalidOperationException>(() => Tune(two)).Message);
    }

    [Fact]
    public void Validation_images_come_as_a_view_or_as_a_share_and_are_not_trained_on()
    {
        var mapping = Label().Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(128, seed: 1)));
        var training = mapping.Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(128, seed: 1)));
        IDataView Other(Func<VectorRow, bool> kept)
        {
            var rows = _ml.Data.LoadFromEnumerable(TestImages.Rows(40, seed: 2).Where(kept));
            return Label().Fit(rows).Transform(rows);
        }
        double?[] Fit(Action<PrunedRetrainOptions> change)
        {
            var reports = new List<TrainingProgress>();
            var options = Retrain(UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5)), epochs: 3);
            (options.MetricsCallback, options.Seed) = (reports.Add, 1);
            change(options);
            using var model = _ml.Transforms.PrunedRetrain(options).Fit(training);
            Assert.All(reports, r => Assert.Equal(128 * (1 - (options.ValidationSetFraction ?? 0)), r.Batches * 32.0));
            return reports.Where(r => r.EndsEpoch).Select(r => r.ValidationAccuracy).ToArray();
        }
        Assert.Equal([null, null, null], Fit(_ => { }));
        Assert.All(Fit(o => o.ValidationSet = mapping.Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(40, seed: 2)))), a => Assert.InRange(a!.Value, 0, 1));
        Assert.All(Fit(o => o.ValidationSetFraction = 0.25), a => Assert.InRange(a!.Value, 0, 1));

        var error = Assert.Throws<InvalidOperationException>(() => Fit(o => o.ValidationSet = Other(r => r.Name != "class-0")));
        Assert.Contains("mapping.Transform", error.Message);
        Assert.Contains("ValidationSetFraction", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(o => o.EarlyStoppingPatience = 2)).Message);
        Assert.Contains("ValidationSetFraction", Assert.Throws<InvalidOperationException>(() => Fit(o => o.ValidationSetFraction = 0.001)).Message);
    }

    [Fact]
    public void The_penultimate_layer_comes_as_a_column_in_bulk_and_one_by_one_and_after_loading()
    {
        var rows = TestImages.Rows(100, seed: 1);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var options = Retrain(UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5)));
        options.EmbeddingColumnName = "Embedding";
        var model = Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data);
        var path = Path.Combine(_folder, "embedding.zip");
        _ml.Model.Save(model, data.Schema, path);
        var loaded = _ml.Model.Load(path, out _);
        foreach (var transformer in (ITransformer[])[model, loaded])
        {
            var transformed = transformer.Transform(data);
            var size = ((VectorDataViewType)transformed.Schema["Embedding"].Type).Size;
            var embeddings = transformed.GetColumn<float[]>("Embedding").ToArray();
            Assert.All(embeddings, e => Assert.Equal(size, e.Length));
            // Channels that pad groups to whole vector registers are none of the network's: every feature says something somewhere.
            Assert.All(Enumerable.Range(0, size).Where(i => embeddings.All(e => e[i] == 0)), _ => Assert.Fail("A feature is always 0."));
            using var engine = _ml.Model.CreatePredictionEngine<VectorRow, EmbeddingRow>(transformer, new PredictionEngineOptions { OwnsTransformer = false });
            var one = engine.Predict(rows[3]);
            Assert.All(one.Embedding.Zip(embeddings[3]), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
        options.EmbeddingColumnName = options.ScoreColumnName;
        Assert.Contains("EmbeddingColumnName", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.PrunedRetrain(options)).Message);
    }

    private sealed class EmbeddingRow
    {
        public float[] Embedding { get; set; } = [];
    }

    [Fact]
    public void The_channel_config_of_a_model_is_saved_and_loaded_through_the_catalog()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var model = Search().Append(_ml.Transforms.PrunedRetrain(Retrain(epochs: 1))).Fit(data);
        var path = Path.Combine(_folder, "config.json");
        _ml.Model.SaveChannelConfig(model, path);
        Assert.Equal(model.LastTransformer.ChannelConfig.ToJson(), _ml.Model.LoadChannelConfig(path).ToJson());
        Assert.Throws<InvalidOperationException>(() => _ml.Model.SaveChannelConfig(Label().Fit(data), path));
        Assert.Throws<FileNotFoundException>(() => _ml.Model.LoadChannelConfig(path + ".missing"));
    }

    [Fact]
    public void Given_normalisation_constants_are_used_and_kept_with_the_model()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        float[] Score(Action<PrunedRetrainOptions> change)
        {
            var options = Retrain(UniformScaling.Find(Describe(), Budget.FlopsRatio(0.5)), epochs: 1);
            change(options);
            var model = Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data);
            var path = Path.Combine(_folder, "normalised.zip");
            _ml.Model.Save(model, data.Schema, path);
            Assert.Equal(Predict(model, data)[0].Score, Predict(_ml.Model.Load(path, out _), data)[0].Score);
            return Predict(model, data)[0].Score;
        }
        var mean = Normalization.Of(TestImages.Set(64, seed: 1));
        var own = Score(_ => { });
        Assert.Equal(own, Score(o => (o.PixelMean, o.PixelDeviation) = (mean.Mean, mean.Deviation)));
        Assert.NotEqual(own, Score(o => (o.PixelMean, o.PixelDeviation) = ([0, 0, 0], [255, 255, 255])));
        Assert.Contains("one a colour", Assert.Throws<ArgumentOutOfRangeException>(() => Score(o => (o.PixelMean, o.PixelDeviation) = ([0], [255]))).Message);
    }

    [Fact]
    public void A_cancelled_run_ends_at_once()
    {
        using var source = new CancellationTokenSource();
        var options = SearchSettings(epochs: 1000);
        options.CancellationToken = source.Token;
        options.MetricsCallback = _ => source.Cancel();
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        Assert.Throws<OperationCanceledException>(() => Label().Append(_ml.Transforms.DmcpSearch(options)).Fit(data));
    }

    private static NetworkDescription Describe() => TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes);

    private IEstimator<ITransformer> Label() => _ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private EstimatorChain<DmcpSearchTransformer> Search() => Label().Append(_ml.Transforms.DmcpSearch(SearchSettings()));

    private static DmcpSearchOptions SearchSettings(int epochs = 6) => new()
    {
        Network = TestImages.Network,
        Budget = Budget.FlopsRatio(0.5),
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = epochs,
        BatchSize = 32,
    };

    private static PrunedRetrainOptions Retrain(ChannelConfig? config = null, int epochs = 6) => new()
    {
        ChannelConfig = config,
        Network = TestImages.Network,
        FeatureColumnName = nameof(VectorRow.Pixels),
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = epochs,
        BatchSize = 32,
    };

    private PredictionRow[] Predict(ITransformer model, IDataView data) => _ml.Data.CreateEnumerable<PredictionRow>(model.Transform(data), reuseRowObject: false).ToArray();
}
