namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>Whatever is wrong with rows, labels or options, the message names the thing and the fix.</summary>
public sealed class BadInputTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_label_that_is_no_key_is_refused_with_the_call_that_makes_it_one()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1));
        var search = _ml.Transforms.DmcpSearch(Search(label: "Name"));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => search.Fit(data));
        Assert.Contains("'Name'", error.Message);
        Assert.Contains("MapValueToKey(\"Name\")", error.Message);
        Assert.Contains(
            "MapValueToKey",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("X", "Name").Append(search).Fit(data)).Message);
    }

    [Fact]
    public void A_missing_column_is_named_and_so_are_those_that_are_there()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(Search(label: "Class")).Fit(data));
        Assert.Contains("Could not find label column 'Class'", error.Message);
        Assert.Contains("Pixels", error.Message);
    }

    [Fact]
    public void A_feature_column_of_another_type_or_size_is_refused()
    {
        var data = Label().Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1)))
            .Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1)));
        var text = Search();
        text.FeatureColumnName = "Name";
        Assert.Contains(
            "Schema mismatch for feature column 'Name'",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(text).Fit(data)).Message);
        var size = Search();
        size.ImageHeight = 10;
        size.ImageWidth = 12;
        Assert.Contains(
            "432 elements", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(size).Fit(data)).Message);
    }

    [Fact]
    public void One_class_no_rows_and_a_class_without_images_are_refused()
    {
        Assert.Contains("one class", FitError(TestImages.Rows(40, seed: 1).Where(r => r.Name == "class-1")).Message);
        Assert.Contains("no rows", FitError([], TestImages.Rows(8, seed: 1)).Message);
        Assert.Contains(
            "'class-2'", FitError(TestImages.Rows(40, seed: 1).Where(r => r.Name != "class-2"), TestImages.Rows(8, seed: 1)).Message);
        Assert.Contains(
            "of one class, 'class-3'",
            FitError(TestImages.Rows(40, seed: 1).Where(r => r.Name == "class-3"), TestImages.Rows(8, seed: 1)).Message);
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.001)]
    public void A_budget_below_the_narrowest_network_is_refused_with_the_range(double ratio)
    {
        var options = Search();
        options.Budget = Budget.FlopsRatio(ratio);
        var error = FitError(TestImages.Rows(16, seed: 1), options: options);
        Assert.IsType<BudgetOutOfReachException>(error);
        Assert.Contains("below the narrowest", error.Message);
        Assert.Contains("MFLOPs", error.Message);
    }

    [Fact]
    public void A_budget_above_the_unpruned_network_is_refused_with_the_range()
    {
        var options = Search();
        options.Budget = Budget.MFlops(1000);
        Assert.Contains("above the unpruned", FitError(TestImages.Rows(16, seed: 1), options: options).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Budget.FlopsRatio(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Budget.MFlops(double.NaN));
    }

    [Fact]
    public void A_diverging_training_ends_with_the_learning_rate_in_the_message()
    {
        var options = Search();
        options.LearningRate = new LearningRateSchedule(Peak: 1e12);
        var error = FitError(TestImages.Rows(64, seed: 1), options: options);
        Assert.IsType<InvalidOperationException>(error);
        Assert.Contains("Lower LearningRate", error.Message);
    }

    [Fact]
    public void A_pixel_that_is_no_number_is_named_with_its_row_and_column()
    {
        var rows = TestImages.Rows(32, seed: 1);
        rows[7].Pixels[3] = float.NaN;
        Assert.StartsWith("In row 8, counted from 1, column 'Pixels' holds NaN as element 3", FitError(rows).Message);
        rows[7].Pixels[3] = float.NegativeInfinity;
        Assert.Contains("column 'Pixels' holds -Infinity as element 3", FitError(rows).Message);
    }

    [Fact]
    public void Retraining_without_a_config_says_where_one_can_come_from()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1));
        var options = new PrunedRetrainOptions { FeatureColumnName = "Pixels" };
        var error = Assert.Throws<InvalidOperationException>(() => Label().Append(_ml.Transforms.PrunedRetrain(options)).Fit(data));
        Assert.Contains("DmcpSearch", error.Message);
    }

    [Fact]
    public void Options_out_of_range_are_refused_when_the_estimator_is_made()
    {
        void Refuses(string name, Action<DmcpSearchOptions> change)
        {
            var options = Search();
            change(options);
            Assert.Contains(name, Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(options)).Message);
        }
        Refuses("NumberOfEpochs", o => o.NumberOfEpochs = 0);
        Refuses("BatchSize", o => o.BatchSize = 1);
        Refuses("WarmUpShare", o => o.WarmUpShare = 1.1);
        Refuses("BudgetTolerance", o => o.BudgetTolerance = double.NaN);
        Refuses("LearningRate", o => o.LearningRate = new LearningRateSchedule(Peak: -1));
        Refuses("Network", o => o.Network = null!);
        Refuses("RandomSubNetworks", o => o.RandomSubNetworks = -1);
        Refuses("OutputColumnName", o => o.OutputColumnName = null!);
        Refuses("FeatureColumnName", o => o.FeatureColumnName = o.LabelColumnName);
        Refuses("Transition", o => o.Transition = (TransitionKind)9);
        Refuses("ImageWidth", o => o.ImageHeight = 12);
        Refuses("PixelDeviation", o => o.PixelMean = [1, 2, 3]);
        Refuses("PixelDeviation", o => (o.PixelMean, o.PixelDeviation) = ([1, 2, 3], [1, 0, 1]));
        Refuses("CheckpointPath", o => o.CheckpointPath = " ");
        Refuses("CheckpointInterval", o => o.CheckpointInterval = TimeSpan.FromSeconds(-1));
        Refuses("WeightsPath", o => o.WeightsPath = " ");
        Refuses("LearningRate", o => o.LearningRate = new LearningRateSchedule(Peak: 1e300));
        Refuses("LearningRate", o => o.LearningRate = new LearningRateSchedule(Peak: double.PositiveInfinity));
        Refuses("InitialAlpha", o => o.InitialAlpha = 1e300);
        Refuses("InitialAlphaDeviation", o => o.InitialAlphaDeviation = 1e300);
        Refuses("ClassWeights", o => o.ClassWeights = new Dictionary<string, double> { ["class-1"] = 1e300 });
        Refuses("ClassWeights", o => o.ClassWeights = new Dictionary<string, double> { ["class-1"] = 1e-300 });
        Refuses("CalibrationBatches", o => o.CalibrationBatches = 0);
        Refuses("RandomCropPadding", o => (o.RandomResizedCrop, o.RandomCropPadding) = (true, 4));
        Refuses("ColorJitter", o => o.ColorJitter = new ColorJitter(Hue: 0.6));
        Refuses("BudgetLossWeight", o => (o.BudgetLossWeight, o.TaskLossTrainsArchitecture) = (0, false));
        Assert.Throws<ArgumentNullException>(() => _ml.Transforms.DmcpSearch((DmcpSearchOptions)null!));
        Assert.Throws<ArgumentNullException>(() => ((TransformsCatalog)null!).DmcpSearch());
    }

    [Fact]
    public void A_GPU_that_is_not_there_is_an_error_that_says_what_to_do_or_a_warning()
    {
        const int missing = 1000;
        var data = Label().Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1)))
            .Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1)));
        var strict = new MLContext(seed: 1) { GpuDeviceId = missing, FallbackToCpu = false };
        Assert.Contains(
            "GPU 1000 was asked for",
            Assert.Throws<InvalidOperationException>(() => strict.Transforms.DmcpSearch(Search()).Fit(data)).Message);
        var warnings = new List<string>();
        var lenient = new MLContext(seed: 1) { GpuDeviceId = missing, FallbackToCpu = true };
        lenient.Log += (_, e) => warnings.Add(e.Message);
        lenient.Transforms.DmcpSearch(Search()).Fit(data);
        Assert.Contains(warnings, w => w.Contains("GPU 1000 was asked for", StringComparison.Ordinal));
    }

    private Exception FitError(IEnumerable<VectorRow> rows, IReadOnlyList<VectorRow>? keysFrom = null, DmcpSearchOptions? options = null)
    {
        var data = _ml.Data.LoadFromEnumerable(rows.ToArray());
        var labelled = Label().Fit(keysFrom is null ? data : _ml.Data.LoadFromEnumerable(keysFrom)).Transform(data);
        return Assert.ThrowsAny<Exception>(() => _ml.Transforms.DmcpSearch(options ?? Search()).Fit(labelled));
    }

    private IEstimator<ITransformer> Label() =>
        _ml.Transforms.Conversion.MapValueToKey(
            "Label", "Name", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private static DmcpSearchOptions Search(string label = "Label") => new()
    {
        Network = TestImages.Network,
        LabelColumnName = label,
        FeatureColumnName = "Pixels",
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = 2,
        BatchSize = 16,
    };
}
