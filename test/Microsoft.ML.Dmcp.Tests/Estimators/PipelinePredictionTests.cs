using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Batches;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>What a trained pipeline predicts: after saving, row by row, in several cursors, with names and embeddings.</summary>
public sealed class PipelinePredictionTests : PipelineTest
{
    [Fact]
    public void A_saved_model_predicts_the_same_when_loaded_and_row_by_row()
    {
        var rows = TestImages.Rows(150, seed: 3);
        var data = ML.Data.LoadFromEnumerable(rows);
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var model = Label().Append(ML.Transforms.PrunedRetrain(Retrain(config))).Fit(data);
        var expected = Predict(model, data);

        var path = Path.Combine(Folder, "model.zip");
        ML.Model.Save(model, data.Schema, path);
        var other = new MLContext(seed: 99);
        var loaded = other.Model.Load(path, out _);
        Assert.Equal(expected.Select(p => p.Score), Predict(loaded, data).Select(p => p.Score));
        Assert.Equal(
            config.ToJson(), ((IEnumerable<ITransformer>)loaded).OfType<PrunedNetworkTransformer>().Single().ChannelConfig.ToJson());

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
    public void Every_truncation_of_a_model_file_is_refused_and_none_crashes()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var model = Label().Append(ML.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data);
        var path = Path.Combine(Folder, "model.zip");
        ML.Model.Save(model, data.Schema, path);
        var bytes = File.ReadAllBytes(path);
        for (var length = 0; length < bytes.Length; length += bytes.Length / 12)
            Assert.ThrowsAny<Exception>(() => ML.Model.Load(new MemoryStream(bytes[..length]), out _));
    }

    [Fact]
    public void Class_names_flow_from_the_labels_to_scores_and_predictions()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var schema = Label().Append(ML.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data).Transform(data).Schema;
        var names = new[] { "class-0", "class-1", "class-2", "class-3" };
        VBuffer<ReadOnlyMemory<char>> values = default;
        schema["Score"].GetSlotNames(ref values);
        Assert.Equal(names, values.DenseValues().ToArray().Select(v => v.ToString()));
        schema["PredictedLabel"].GetKeyValues(ref values);
        Assert.Equal(names, values.DenseValues().ToArray().Select(v => v.ToString()));
    }

    [Fact]
    public void Labels_that_are_numbers_keep_their_names()
    {
        var rows = TestImages.Rows(64, seed: 1).Select(r => new NumberedRow { Digit = 9 - 2 * (r.Name[^1] - '0'), Pixels = r.Pixels })
            .ToArray();
        var data = ML.Data.LoadFromEnumerable(rows);
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var model = ML.Transforms.Conversion.MapValueToKey("Label", "Digit").Append(ML.Transforms.PrunedRetrain(Retrain(config, epochs: 1)))
            .Fit(data);
        Assert.Equal(["9", "7", "5", "3"], model.LastTransformer.ClassNames);
    }

    [Fact]
    public void Rows_keep_their_order_and_their_other_columns_while_predicted_in_batches()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(150, seed: 1));
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var predictions = Predict(Label().Append(ML.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data), data);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (float)i), predictions.Select(p => p.Number));
        Assert.All(predictions, p => Assert.Equal(1, p.Score.Sum(), 1e-4f));
        Assert.All(predictions, p => Assert.Equal(p.Score.Max(), p.Score[p.PredictedLabel - 1]));
    }

    [Fact]
    public void Several_cursors_at_once_and_on_several_threads_predict_the_same()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 1));
        var config = UniformScaling.Find(Network, Budget.FlopsRatio(0.5));
        var model = Label().Append(ML.Transforms.PrunedRetrain(Retrain(config, epochs: 1))).Fit(data);
        var expected = Predict(model, data).Select(p => p.Score).ToArray();
        Parallel.For(0, 4, _ => Assert.Equal(expected, Predict(model, data).Select(p => p.Score).ToArray()));
    }

    [Fact]
    public void The_penultimate_layer_comes_as_a_column_in_bulk_and_one_by_one_and_after_loading()
    {
        var rows = TestImages.Rows(100, seed: 1);
        var data = ML.Data.LoadFromEnumerable(rows);
        var options = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(0.5)));
        options.EmbeddingColumnName = "Embedding";
        var model = Label().Append(ML.Transforms.PrunedRetrain(options)).Fit(data);
        var path = Path.Combine(Folder, "embedding.zip");
        ML.Model.Save(model, data.Schema, path);
        var loaded = ML.Model.Load(path, out _);
        foreach (var transformer in (ITransformer[])[model, loaded])
        {
            var transformed = transformer.Transform(data);
            var size = ((VectorDataViewType)transformed.Schema["Embedding"].Type).Size;
            var embeddings = transformed.GetColumn<float[]>("Embedding").ToArray();
            Assert.All(embeddings, e => Assert.Equal(size, e.Length));
            // Channels that pad groups to whole vector registers are none of the network's: every feature says something somewhere.
            Assert.All(Enumerable.Range(0, size).Where(i => embeddings.All(e => e[i] == 0)), _ => Assert.Fail("A feature is always 0."));
            using var engine = ML.Model.CreatePredictionEngine<VectorRow, EmbeddingRow>(
                transformer, new PredictionEngineOptions { OwnsTransformer = false });
            var one = engine.Predict(rows[3]);
            Assert.All(one.Embedding.Zip(embeddings[3]), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
        options.EmbeddingColumnName = options.ScoreColumnName;
        Assert.Contains(
            "EmbeddingColumnName", Assert.Throws<ArgumentOutOfRangeException>(() => ML.Transforms.PrunedRetrain(options)).Message);
    }

    [Fact]
    public void Given_normalisation_constants_are_used_and_kept_with_the_model()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        float[] Score(Action<PrunedRetrainOptions> change)
        {
            var options = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(0.5)), epochs: 1);
            change(options);
            var model = Label().Append(ML.Transforms.PrunedRetrain(options)).Fit(data);
            var path = Path.Combine(Folder, "normalised.zip");
            ML.Model.Save(model, data.Schema, path);
            Assert.Equal(Predict(model, data)[0].Score, Predict(ML.Model.Load(path, out _), data)[0].Score);
            return Predict(model, data)[0].Score;
        }
        var mean = Normalization.Of(TestImages.Set(64, seed: 1));
        var own = Score(_ => { });
        Assert.Equal(own, Score(o => (o.PixelMean, o.PixelDeviation) = (mean.Mean, mean.Deviation)));
        Assert.NotEqual(own, Score(o => (o.PixelMean, o.PixelDeviation) = ([0, 0, 0], [255, 255, 255])));
        Assert.Contains(
            "one a colour",
            Assert.Throws<ArgumentOutOfRangeException>(() => Score(o => (o.PixelMean, o.PixelDeviation) = ([0], [255]))).Message);
    }

    private sealed class EmbeddingRow
    {
        public float[] Embedding { get; set; } = [];
    }
}
