using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>
/// What cannot work is refused before the first epoch of a search that comes before it; what options say when they are given is what
/// happens.
/// </summary>
public sealed class BeforeTheSearchTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-before").FullName;
    private int _epochs;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string InFolder(string name) => Path.Combine(_folder, name);

    [Fact]
    public void Wrong_options_of_the_retraining_cost_no_epoch_of_the_search()
    {
        Refuses<InvalidOperationException>("CheckpointPath of the search", o => o.Method = RetrainMethod.FineTuning);
        Refuses<InvalidOperationException>("CheckpointPath of the search", o => o.Method = RetrainMethod.Calibration);
        Refuses<IOException>("is a folder", o => o.CheckpointPath = _folder);
        Refuses<FileNotFoundException>("none.json", o => o.ChannelConfigPath = InFolder("none.json"));
        File.WriteAllText(InFolder("wrong.json"), "{}");
        Refuses<FormatException>("wrong.json", o => o.ChannelConfigPath = InFolder("wrong.json"));
        Refuses<InvalidOperationException>("which the zoo does not have", o => o.ChannelConfig = TinyPipeline.Config());
        Refuses<ArgumentOutOfRangeException>(
            "ValidationSet: Schema mismatch for label column",
            o => o.ValidationSet = _ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 2)),
            label: "Name");
        Refuses<ArgumentOutOfRangeException>(
            "ValidationSet: Could not find", o => o.ValidationSet = _ml.Data.LoadFromEnumerable(TestImages.ImageRows(8, seed: 2)));
        Refuses<ArgumentOutOfRangeException>(
            "no-such-file", o => (o.Method, o.WeightsPath) = (RetrainMethod.FineTuning, InFolder("no-such-file")));
        // Changed after the estimator was made.
        Refuses<ArgumentOutOfRangeException>("NumberOfEpochs", _ => { }, later: o => o.NumberOfEpochs = 0);
        Refuses<ArgumentOutOfRangeException>("BatchSize", _ => { }, later: o => o.BatchSize = 1);
    }

    [Fact]
    public void Wrong_files_of_the_search_are_refused_before_a_row_is_read()
    {
        var rows = new CountingView(TinyPipeline.Labelled(_ml));
        var search = Search();
        search.WeightsPath = InFolder("no-such-file");
        Assert.Contains(
            "no-such-file", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(search).Fit(rows)).Message);
        search = Search();
        search.CheckpointPath = _folder;
        Assert.Throws<IOException>(() => _ml.Transforms.DmcpSearch(search).Fit(rows));
        Assert.Equal(0, rows.RowsRead);
    }

    [Fact]
    public void Weights_that_a_search_in_front_will_write_may_be_named_before_they_are_there()
    {
        var search = Search();
        search.CheckpointPath = InFolder("search");
        var retrain = Retrain();
        retrain.Method = RetrainMethod.FineTuning;
        retrain.WeightsPath = search.CheckpointPath;
        var model = Pipeline(search, retrain).Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1)));
        Assert.Equal(RetrainMethod.FineTuning, model.OfType<PrunedNetworkTransformer>().Single().Method);
    }

    [Fact]
    public void The_result_of_a_search_is_in_the_log_when_what_comes_behind_fails_on_the_data()
    {
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.RawMessage);
        var retrain = Retrain();
        retrain.ClassWeights = new Dictionary<string, double> { ["cat"] = 2 };
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Pipeline(Search(), retrain).Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1))));
        var logged = messages.Single(m => m.Contains(ChannelConfig.FormatName, StringComparison.Ordinal));
        Assert.Equal("tiny", ChannelConfig.FromJson(logged[logged.IndexOf('{', StringComparison.Ordinal)..]).Network);
    }

    [Fact]
    public void Options_changed_while_a_search_runs_or_afterwards_change_nothing_of_it()
    {
        var data = TinyPipeline.Labelled(_ml);
        var expected = _ml.Transforms.DmcpSearch(Search()).Fit(data).ChannelConfig.ToJson();
        var options = Search();
        options.MetricsCallback = p =>
        {
            _epochs += p.EndsEpoch ? 1 : 0;
            options.NumberOfEpochs = 50;
            options.CalibrationBatches = 0;
            options.BatchSize = 1;
        };
        Assert.Equal(expected, _ml.Transforms.DmcpSearch(options).Fit(data).ChannelConfig.ToJson());
        Assert.Equal(3, _epochs);
    }

    private void Refuses<T>(
        string message, Action<PrunedRetrainOptions> change, Action<PrunedRetrainOptions>? later = null,
        string label = "Label") where T : Exception
    {
        _epochs = 0;
        var (search, retrain) = (Search(), Retrain());
        search.MetricsCallback = _ => _epochs++;
        change(retrain);
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label", "Name");
        if (label != "Label")
        {
            mapping = _ml.Transforms.Conversion.MapValueToKey(label);
            search.LabelColumnName = label;
            retrain.LabelColumnName = label;
        }
        var pipeline = mapping.Append(_ml.Transforms.DmcpSearch(search))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(retrain));
        later?.Invoke(retrain);
        Assert.Contains(message, Assert.Throws<T>(() => pipeline.Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1)))).Message);
        Assert.Equal(0, _epochs);
    }

    private EstimatorChain<PrunedNetworkTransformer> Pipeline(DmcpSearchOptions search, PrunedRetrainOptions retrain) =>
        _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transforms.DmcpSearch(search))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(retrain));

    private static DmcpSearchOptions Search() => TinyPipeline.Search(epochs: 3);

    private static PrunedRetrainOptions Retrain() => TinyPipeline.RetrainFound();
}
