using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Tests.Estimators;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>From an ONNX file to a pruned model.</summary>
public sealed class PretrainedPipelineTests : PipelineTest
{
    private IDataView Data => ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));

    [Fact]
    public void A_model_from_an_ONNX_file_predicts_without_training_and_a_search_begins_with_its_weights()
    {
        var imported = Imported();
        var whole = Retrain(UniformScaling.Find(
            imported.Architecture.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(1)));
        whole.Method = RetrainMethod.Calibration;
        Assert.True(Accuracy(ML.Transforms.PrunedRetrain(imported.Begin(whole, Path.Combine(Folder, "whole")))) > 0.9);

        var search = imported.Begin(SearchSettings(), Path.Combine(Folder, "search"));
        search.CheckpointPath = Path.Combine(Folder, "checkpoint");
        Assert.True(Accuracy(ML.Transforms.DmcpSearch(search).Append(ML.Transforms.PrunedRetrain(FineTuning(epochs: 6)))) > 0.9);

        double Accuracy(IEstimator<ITransformer> run)
        {
            var model = Label().Append(run).Fit(Data);
            return ML.MulticlassClassification.Evaluate(model.Transform(ML.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2))))
                .MicroAccuracy;
        }
    }

    [Fact]
    public void An_imported_network_becomes_a_small_one_for_other_classes_that_learned_from_the_whole()
    {
        var messages = new List<string>();
        ML.Log += (_, e) => messages.Add(e.Message);
        var imported = Imported();
        // Three of the four classes.
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1).Where(row => row.Name != "class-3"));
        var whole = imported.Begin(new UniformScalingOptions
        {
            FeatureColumnName = nameof(VectorRow.Pixels),
            VectorLayout = PixelLayout.Interleaved,
            Budget = Budget.FlopsRatio(1),
        }, Path.Combine(Folder, "imported"));
        var tuneWhole = FineTuning(epochs: 6);
        tuneWhole.Network = imported.Architecture;
        tuneWhole.CheckpointPath = Path.Combine(Folder, "whole");
        Label().Append(ML.Transforms.UniformScaling(whole)).Append(ML.Transforms.PrunedRetrain(tuneWhole)).Fit(data);
        Assert.Contains(messages, m => m.Contains("no classifier of 3 classes", StringComparison.Ordinal));

        var search = SearchSettings(epochs: 4);
        (search.Network, search.WeightsPath) = (imported.Architecture, tuneWhole.CheckpointPath);
        search.CheckpointPath = Path.Combine(Folder, "search");
        var tune = FineTuning(epochs: 4);
        tune.Network = imported.Architecture;
        var model = Label().Append(ML.Transforms.DmcpSearch(search)).Append(ML.Transforms.PrunedRetrain(tune)).Fit(data);
        Assert.Contains(messages, m => m.Contains("are sorted by importance", StringComparison.Ordinal));
        Assert.Contains(messages, m => m.Contains("learns from the unpruned one", StringComparison.Ordinal));
        model.LastTransformer.Use(m => Assert.Equal(imported.PixelMean, m.Normalization.Mean));
        var others = ML.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2).Where(row => row.Name != "class-3"));
        Assert.True(ML.MulticlassClassification.Evaluate(model.Transform(others)).MicroAccuracy > 0.9);
    }

    [Fact]
    public void Pixels_of_other_images_are_normalised_as_the_imported_weights_need_it_in_all_that_follows()
    {
        var imported = Imported();
        var scaling = imported.Begin(new UniformScalingOptions
        {
            FeatureColumnName = nameof(VectorRow.Pixels),
            VectorLayout = PixelLayout.Interleaved,
        }, Path.Combine(Folder, "scaling"));
        var search = imported.Begin(SearchSettings(epochs: 1), Path.Combine(Folder, "search"));
        search.CheckpointPath = Path.Combine(Folder, "checkpoint");

        Keeps(Label().Append(ML.Transforms.UniformScaling(scaling)).Append(ML.Transforms.PrunedRetrain(FineTuning(epochs: 1))));
        Keeps(Label().Append(ML.Transforms.DmcpSearch(search)).Append(ML.Transforms.PrunedRetrain(FineTuning(epochs: 1))));

        void Keeps(EstimatorChain<PrunedNetworkTransformer> pipeline)
        {
            using var model = pipeline.Fit(ML.Data.LoadFromEnumerable(TestImages.Rows(40, seed: 3))).LastTransformer;
            model.Use(m => Assert.Equal(
                imported.PixelMean!.Concat(imported.PixelDeviation!), m.Normalization.Mean.Concat(m.Normalization.Deviation)));
        }
    }

    private static PrunedRetrainOptions FineTuning(int epochs)
    {
        var options = Retrain(epochs: epochs);
        options.Method = RetrainMethod.FineTuning;
        return options;
    }

    private OnnxNetwork Imported()
    {
        var file = Path.Combine(Folder, "trained.onnx");
        using var trained = Label()
            .Append(ML.Transforms.PrunedRetrain(Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(1)))))
            .Fit(Data).LastTransformer;
        ML.Model.SaveAsOnnx(trained, file);
        return OnnxNetwork.Load(file);
    }
}
