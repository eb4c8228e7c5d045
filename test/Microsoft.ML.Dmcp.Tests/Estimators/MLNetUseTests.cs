using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>What a user of ML.NET does with any trainer works with ours.</summary>
public sealed class MLNetUseTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Cross_validation_searches_and_retrains_in_every_fold_and_scores_what_was_held_out()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(240, seed: 1));
        var pipeline = TinyPipeline.Label(_ml).Append(_ml.Transforms.DmcpSearch(TinyPipeline.Search(epochs: 4)))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(TinyPipeline.RetrainFound(epochs: 8)));
        var folds = _ml.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 2);
        Assert.Equal([0, 1], folds.Select(f => f.Fold));
        Assert.Equal(240, folds.Sum(f => _ml.Data.CreateEnumerable<ScoreRow>(f.ScoredHoldOutSet, false).Count()));
        Assert.All(folds, f => Assert.True(f.Metrics.MicroAccuracy > 0.8, $"fold {f.Fold}: accuracy {f.Metrics.MicroAccuracy}"));
        Assert.All(folds, f => Assert.Single(((IEnumerable<ITransformer>)f.Model).OfType<DmcpSearchTransformer>()));
    }

    [Fact]
    public void A_cache_checkpoint_spares_the_retraining_another_reading_of_the_source()
    {
        int Cursors(bool cached)
        {
            var source = new CountingView(_ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1)));
            var label = new EstimatorChain<ITransformer>().Append(TinyPipeline.Label(_ml));
            using var model = (cached ? label.AppendCacheCheckpoint(_ml) : label).Append(_ml.Transforms.DmcpSearch(TinyPipeline.Search()))
                .Append(_ml.Transforms.PrunedRetrain(TinyPipeline.RetrainFound())).Fit(source);
            Assert.Equal(0, source.OpenCursors);
            return source.Cursors;
        }
        // The labels, then the images for search and retraining.
        Assert.Equal(3, Cursors(cached: false));
        Assert.Equal(2, Cursors(cached: true));
    }

    [Fact]
    public void A_split_trains_on_one_part_and_evaluates_on_the_other_with_the_accuracy_of_the_first_k_classes()
    {
        var split = _ml.Data.TrainTestSplit(_ml.Data.LoadFromEnumerable(TestImages.Rows(200, seed: 1)), testFraction: 0.3);
        var model = TinyPipeline.Label(_ml).Append(_ml.Transforms.PrunedRetrain(TinyPipeline.Retrain())).Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        var metrics = _ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: 3);

        // By hand: among how many classes with a higher score the right one stands.
        var rows = _ml.Data.CreateEnumerable<LabelledScoreRow>(scored, false).ToArray();
        Assert.InRange(rows.Length, 30, 90);
        for (var k = 1; k <= 3; k++)
            Assert.Equal(
                (double)rows.Count(r => r.Score.Count(s => s > r.Score[r.Label - 1]) < k) / rows.Length,
                metrics.TopKAccuracyForAllK[k - 1],
                9);
        Assert.Equal(metrics.MicroAccuracy, metrics.TopKAccuracyForAllK[0], 9);
        Assert.Equal(metrics.TopKAccuracy, metrics.TopKAccuracyForAllK[^1]);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("retrain")]
    public void An_empty_view_is_refused_and_the_message_says_what_is_needed(string name)
    {
        var label = TinyPipeline.Label(_ml).Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1)));
        var empty = label.Transform(_ml.Data.LoadFromEnumerable<VectorRow>([]));
        var error = Assert.Throws<InvalidOperationException>(() => TinyPipeline.Estimator(_ml, name).Fit(empty));
        Assert.Contains("no rows; training needs labelled images", error.Message);
    }

    [Fact]
    public void An_empty_view_is_predicted_as_no_rows()
    {
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(TinyPipeline.Labelled(_ml));
        Assert.Empty(_ml.Data.CreateEnumerable<ScoreRow>(model.Transform(_ml.Data.LoadFromEnumerable<VectorRow>([])), false));
    }

    [Fact]
    public void Threads_with_a_prediction_engine_each_predict_what_one_does()
    {
        var rows = TestImages.Rows(64, seed: 1);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var model = TinyPipeline.Label(_ml).Append(_ml.Transforms.PrunedRetrain(TinyPipeline.Retrain())).Fit(data);
        using var single = _ml.Model.CreatePredictionEngine<VectorRow, PredictionRow>(model);
        var expected = rows.Select(r => single.Predict(r).Score).ToArray();
        Parallel.For(0, 4, thread =>
        {
            // Not disposed of: that would take the model with it, as ML.NET's engines do.
            var engine = _ml.Model.CreatePredictionEngine<VectorRow, PredictionRow>(
                model, new PredictionEngineOptions { OwnsTransformer = false });
            for (var i = 0; i < rows.Count; i++)
                Assert.Equal(expected[(i + 16 * thread) % 64], engine.Predict(rows[(i + 16 * thread) % 64]).Score);
        });
    }

    [Fact]
    public void A_second_classifier_in_a_pipeline_is_the_one_that_is_evaluated_by_its_own_columns()
    {
        var data = TinyPipeline.Labelled(_ml);
        var other = TinyPipeline.Retrain();
        other.ScoreColumnName = "OtherScore";
        other.PredictedLabelColumnName = "OtherLabel";
        var schema = _ml.Transforms.PrunedRetrain(TinyPipeline.Retrain()).Append(_ml.Transforms.PrunedRetrain(other)).Fit(data)
            .Transform(data).Schema;
        uint Set(string column)
        {
            uint value = 0;
            schema[column].Annotations.GetValue("ScoreColumnSetId", ref value);
            return value;
        }
        Assert.Equal([1u, 1u, 2u, 2u], new[] { "Score", "PredictedLabel", "OtherScore", "OtherLabel" }.Select(Set));
    }
}
