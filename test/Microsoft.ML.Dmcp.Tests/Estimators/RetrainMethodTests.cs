namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>The ways to retrain, the weights they begin with, and validation.</summary>
public sealed class RetrainMethodTests : PipelineTest
{
    [Fact]
    public void Every_way_to_retrain_is_labelled_as_such_and_stays_so_when_saved()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));
        var search = SearchSettings();
        search.CheckpointPath = Path.Combine(Folder, "search.checkpoint");
        var searched = Label().Append(ML.Transforms.DmcpSearch(search));
        foreach (var method in Enum.GetValues<RetrainMethod>())
        {
            // The search's second run takes its result from the checkpoint, and the weights come from there too.
            var retrain = Retrain();
            retrain.Method = method;
            retrain.BatchSize = 16;
            var model = searched.Append(ML.Transforms.PrunedRetrain(retrain)).Fit(data);
            Assert.Equal(method, model.LastTransformer.Method);
            var path = Path.Combine(Folder, method + ".zip");
            ML.Model.Save(model, data.Schema, path);
            Assert.Equal(
                method, ((IEnumerable<ITransformer>)ML.Model.Load(path, out _)).OfType<PrunedNetworkTransformer>().Single().Method);
            var accuracy = ML.MulticlassClassification.Evaluate(
                model.Transform(ML.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2)))).MicroAccuracy;
            Assert.True(accuracy > (method == RetrainMethod.Calibration ? 0.6 : 0.9), $"{method}: accuracy {accuracy}");
        }
    }

    [Fact]
    public void Weights_that_are_needed_and_missing_or_given_and_not_wanted_are_refused_with_the_option_to_set()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1));
        var tuning = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(0.5)));
        tuning.Method = RetrainMethod.FineTuning;
        Assert.Contains(
            "WeightsPath",
            Assert.Throws<InvalidOperationException>(() => Label().Append(ML.Transforms.PrunedRetrain(tuning)).Fit(data)).Message);
        var search = Search().Append(ML.Transforms.PrunedRetrain(new PrunedRetrainOptions
        {
            Method = RetrainMethod.Calibration,
            FeatureColumnName = nameof(VectorRow.Pixels),
            VectorLayout = PixelLayout.Interleaved,
        }));
        Assert.Contains("CheckpointPath", Assert.Throws<InvalidOperationException>(() => search.Fit(data)).Message);
        var scratch = Retrain();
        scratch.WeightsPath = Path.Combine(Folder, "weights");
        File.WriteAllText(scratch.WeightsPath, "no checkpoint");
        Assert.Contains("FineTuning", Assert.Throws<ArgumentOutOfRangeException>(() => ML.Transforms.PrunedRetrain(scratch)).Message);
        tuning.WeightsPath = scratch.WeightsPath;
        scratch.WeightsPath = null;
        Assert.Contains(
            "no checkpoint", Assert.Throws<FormatException>(() => Label().Append(ML.Transforms.PrunedRetrain(tuning)).Fit(data)).Message);
    }

    [Fact]
    public void Fine_tuning_of_other_weights_is_another_run()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        string Weights(int epochs)
        {
            var path = Path.Combine(Folder, $"weights{epochs}");
            var options = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(1)), epochs);
            options.CheckpointPath = path;
            options.Seed = 1;
            Label().Append(ML.Transforms.PrunedRetrain(options)).Fit(data).LastTransformer.Dispose();
            return path;
        }
        void Tune(string weights)
        {
            var options = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(0.5)), epochs: 1);
            options.Method = RetrainMethod.FineTuning;
            options.WeightsPath = weights;
            options.CheckpointPath = Path.Combine(Folder, "tuning");
            options.Seed = 1;
            Label().Append(ML.Transforms.PrunedRetrain(options)).Fit(data).LastTransformer.Dispose();
        }
        var (one, two) = (Weights(1), Weights(2));
        Tune(one);
        Tune(one);
        Assert.Contains("startingWeights", Assert.Throws<InvalidOperationException>(() => Tune(two)).Message);
    }

    [Fact]
    public void Validation_images_come_as_a_view_or_as_a_share_and_are_not_trained_on()
    {
        var mapping = Label().Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(128, seed: 1)));
        var training = mapping.Transform(ML.Data.LoadFromEnumerable(TestImages.Rows(128, seed: 1)));
        IDataView Other(Func<VectorRow, bool> kept)
        {
            var rows = ML.Data.LoadFromEnumerable(TestImages.Rows(40, seed: 2).Where(kept));
            return Label().Fit(rows).Transform(rows);
        }
        double?[] Fit(Action<PrunedRetrainOptions> change)
        {
            var reports = new List<TrainingProgress>();
            var options = Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(0.5)), epochs: 3);
            options.MetricsCallback = reports.Add;
            options.Seed = 1;
            change(options);
            using var model = ML.Transforms.PrunedRetrain(options).Fit(training);
            Assert.All(reports, r => Assert.Equal(128 * (1 - (options.ValidationSetFraction ?? 0)), r.Batches * 32.0));
            return reports.Where(r => r.EndsEpoch).Select(r => r.ValidationAccuracy).ToArray();
        }
        Assert.Equal([null, null, null], Fit(_ => { }));
        Assert.All(
            Fit(o => o.ValidationSet = mapping.Transform(ML.Data.LoadFromEnumerable(TestImages.Rows(40, seed: 2)))),
            a => Assert.InRange(a!.Value, 0, 1));
        Assert.All(Fit(o => o.ValidationSetFraction = 0.25), a => Assert.InRange(a!.Value, 0, 1));

        var error = Assert.Throws<InvalidOperationException>(() => Fit(o => o.ValidationSet = Other(r => r.Name != "class-0")));
        Assert.Contains("mapping.Transform", error.Message);
        Assert.Contains(
            "ValidationSetFraction", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(o => o.EarlyStoppingPatience = 2)).Message);
        Assert.Contains(
            "ValidationSetFraction", Assert.Throws<InvalidOperationException>(() => Fit(o => o.ValidationSetFraction = 0.001)).Message);
    }
}
