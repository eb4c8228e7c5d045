using Microsoft.ML.Dmcp.Tests.Estimators;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>From an ONNX file to a pruned model.</summary>
public sealed class PretrainedPipelineTests : PipelineTest
{
    [Fact]
    public void A_model_from_an_ONNX_file_predicts_without_training_and_a_search_begins_with_its_weights()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));
        var file = Path.Combine(Folder, "trained.onnx");
        using (var trained = Label().Append(ML.Transforms.PrunedRetrain(Retrain(UniformScaling.Find(Network, Budget.FlopsRatio(1))))).Fit(data).LastTransformer)
            ML.Model.SaveAsOnnx(trained, file);

        var imported = OnnxNetwork.Load(file);
        var whole = Retrain(UniformScaling.Find(imported.Architecture.Describe(3, TestImages.Size, TestImages.Size, TestImages.Classes), Budget.FlopsRatio(1)));
        whole.Method = RetrainMethod.Calibration;
        Assert.True(Accuracy(ML.Transforms.PrunedRetrain(imported.Begin(whole, Path.Combine(Folder, "whole")))) > 0.9);

        var search = imported.Begin(SearchSettings(), Path.Combine(Folder, "search"));
        search.CheckpointPath = Path.Combine(Folder, "checkpoint");
        var tuning = Retrain();
        tuning.Method = RetrainMethod.FineTuning;
        imported.Begin(tuning, Path.Combine(Folder, "tuning"));
        Assert.True(Accuracy(ML.Transforms.DmcpSearch(search).Append(ML.Transforms.PrunedRetrain(tuning))) > 0.9);

        double Accuracy(IEstimator<ITransformer> run)
        {
            var model = Label().Append(run).Fit(data);
            return ML.MulticlassClassification.Evaluate(model.Transform(ML.Data.LoadFromEnumerable(TestImages.Rows(100, seed: 2)))).MicroAccuracy;
        }
    }
}
