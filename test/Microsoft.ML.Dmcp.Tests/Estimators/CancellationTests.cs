using System.Reflection;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>MLContext.CancelExecution, by which AutoML ends a trial that takes too long.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-cancel").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("search")]
    [InlineData("retrain")]
    public void Cancelling_the_MLContext_ends_a_run_which_resumes_from_its_checkpoint_in_another(string name)
    {
        var data = TinyPipeline.Labelled(_ml);
        var reports = new List<TrainingProgress>();
        Assert.Throws<OperationCanceledException>(() => Make(_ml, name, report =>
        {
            reports.Add(report);
            if (reports.Count == 6)
                Cancel(_ml);
        }).Fit(data));
        // Four batches an epoch.
        Assert.Equal(6, reports.Count);
        Assert.Equal((2, 2), (reports[^1].Epoch, reports[^1].Batch));
        reports.Clear();
        Make(new MLContext(seed: 1), name, reports.Add).Fit(data);
        Assert.Equal((2, 3), (reports[0].Epoch, reports[0].Batch));
    }

    [Theory]
    [InlineData("search")]
    [InlineData("retrain")]
    public void Cancelling_the_MLContext_stops_the_reading_of_images(string name)
    {
        var data = new CountingView(TinyPipeline.Labelled(new MLContext(seed: 1), count: 200));
        data.AtRow = row =>
        {
            if (row == 10)
                Cancel(_ml);
        };
        Assert.Throws<OperationCanceledException>(() => TinyPipeline.Estimator(_ml, name).Fit(data));
        Assert.Equal(10, data.RowsRead);
        Assert.Equal(0, data.OpenCursors);
    }

    [Fact]
    public void A_run_in_an_MLContext_that_was_cancelled_before_ends_before_it_trains()
    {
        var data = TinyPipeline.Labelled(new MLContext(seed: 1));
        Cancel(_ml);
        var search = TinyPipeline.Search();
        search.MetricsCallback = _ => Assert.Fail("trained");
        Assert.Throws<OperationCanceledException>(() => _ml.Transforms.DmcpSearch(search).Fit(data));
    }

    [Fact]
    public void A_model_outlives_the_cancellation_of_its_MLContext_as_those_of_ML_NET_do()
    {
        var data = TinyPipeline.Labelled(_ml);
        var model = TinyPipeline.Estimator(_ml, "retrain").Fit(data);
        var before = SchemaText.Of(model.Transform(data), "Score");
        Cancel(_ml);
        Assert.Equal(before, SchemaText.Of(model.Transform(data), "Score"));
    }

    private IEstimator<ITransformer> Make(MLContext ml, string name, Action<TrainingProgress> report)
    {
        TrainingOptions options = name == "search" ? TinyPipeline.Search(epochs: 3) : TinyPipeline.Retrain(epochs: 3);
        options.CheckpointPath = Path.Combine(_folder, name);
        options.CheckpointInterval = TimeSpan.FromDays(1);
        options.MetricsCallback = report;
        return options is DmcpSearchOptions search
            ? ml.Transforms.DmcpSearch(search)
            : ml.Transforms.PrunedRetrain((PrunedRetrainOptions)options);
    }

    // Only friends of ML.NET may call it; AutoML is one.
    private static void Cancel(MLContext ml) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(ml, null);
}
