using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>Whatever is wrong with the input, the message names the thing and the mend.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-input").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_folder_is_named()
    {
        var missing = Path.Combine(_folder, "none");
        Assert.Contains(missing, Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.List(missing)).Message);
    }

    [Fact]
    public void An_empty_class_folder_is_named()
    {
        MakeImage("a", "1.png");
        Directory.CreateDirectory(Path.Combine(_folder, "b"));
        File.WriteAllText(Path.Combine(_folder, "b", "readme.txt"), "no image");
        Assert.Contains(Path.Combine(_folder, "b"), Assert.Throws<InvalidDataException>(() => ImageFolder.List(_folder)).Message);
    }

    [Fact]
    public void A_folder_with_one_class_or_none_is_refused_with_an_example()
    {
        Assert.Contains("no class folders", Assert.Throws<InvalidDataException>(() => ImageFolder.List(_folder)).Message);
        MakeImage("only", "1.png");
        var error = Assert.Throws<InvalidDataException>(() => ImageFolder.List(_folder));
        Assert.Contains("'only'", error.Message);
        Assert.Contains("root/cat/1.jpg", error.Message);
    }

    [Fact]
    public void Files_are_listed_in_one_order_everywhere_with_their_folder_as_label()
    {
        foreach (var (label, name) in new[] { ("b", "2.png"), ("b", "1.PNG"), ("a", "x.jpg"), ("a", "note.txt") })
            MakeImage(label, name);
        Assert.Equal(["a/x.jpg", "b/1.PNG", "b/2.png"], ImageFolder.List(_folder).Select(f => $"{f.Label}/{Path.GetFileName(f.ImagePath)}"));
    }

    [Fact]
    public void Undecodable_images_are_skipped_with_a_warning_and_a_count()
    {
        var files = Enumerable.Range(0, 24).Select(i => MakeImage(i % 2 == 0 ? "even" : "odd", $"{i}.png")).ToArray();
        File.WriteAllBytes(files[3], [1, 2, 3]);
        File.WriteAllBytes(files[4], []);
        File.WriteAllBytes(files[5], File.ReadAllBytes(files[5])[..40]);
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        var model = Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2))).Fit(_ml.Data.LoadFromEnumerable(ImageFolder.List(_folder)));
        Assert.NotNull(model);
        Assert.Contains("3 of 24 images", Assert.Single(warnings));

        // Prediction: a missing value for those three, the others in their places; a single one is an error with the file.
        warnings.Clear();
        var data = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var scores = _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(data), false).Select(r => r.Score).ToArray();
        var unread = ImageFolder.List(_folder).Select(f => new FileInfo(f.ImagePath).Length < 50).ToArray();
        Assert.Equal(unread, scores.Select(s => float.IsNaN(s[0])));
        Assert.Contains("3 images could not be read", Assert.Single(warnings));
        _ml.MulticlassClassification.Evaluate(model.Transform(data));
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, ScoreRow>(model);
        Assert.Equal(scores[0][0], engine.Predict(ImageFolder.List(_folder)[0]).Score[0], 1e-5f);
        Assert.Contains("'Features' could not be read", Assert.Throws<InvalidOperationException>(() => engine.Predict(new ImageFile { ImagePath = files[3] })).Message);
    }

    [Fact]
    public void A_folder_of_undecodable_images_is_refused_with_the_first_failure()
    {
        for (var i = 0; i < 6; i++)
            File.WriteAllBytes(MakeImage(i % 2 == 0 ? "even" : "odd", $"{i}.png"), [1, 2, 3]);
        var data = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var error = Assert.Throws<InvalidOperationException>(() => Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2))).Fit(data));
        Assert.Contains("None of the 6 rows", error.Message);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public void Images_of_another_size_are_refused_with_the_call_that_resizes_them()
    {
        for (var i = 0; i < 8; i++)
            MakeImage(i % 2 == 0 ? "even" : "odd", $"{i}.png", size: i == 5 ? 14 : 12);
        var data = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var error = Assert.Throws<InvalidOperationException>(() => Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2))).Fit(data));
        Assert.Contains("5.png", error.Message);
        Assert.Contains("14x14", error.Message);
        Assert.Contains("ResizeImages(\"Features\", 12, 12)", error.Message);
    }

    [Fact]
    public void Images_that_are_too_large_for_the_config_are_refused_before_training()
    {
        for (var i = 0; i < 8; i++)
            MakeImage(i % 2 == 0 ? "even" : "odd", $"{i}.png", size: 16);
        var data = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var error = Assert.ThrowsAny<Exception>(() => Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2))).Fit(data));
        Assert.Contains("12x12", error.Message);
        Assert.Contains("ResizeImages(\"Features\", 12, 12)", error.Message);
    }

    [Fact]
    public void A_label_that_is_no_key_is_refused_with_the_call_that_makes_it_one()
    {
        var data = _ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1));
        var search = _ml.Transforms.DmcpSearch(Search(label: "Name"));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => search.Fit(data));
        Assert.Contains("'Name'", error.Message);
        Assert.Contains("MapValueToKey(\"Name\")", error.Message);
        Assert.Contains("MapValueToKey", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("X", "Name").Append(search).Fit(data)).Message);
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
        var data = Label().Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1))).Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1)));
        var text = Search();
        text.FeatureColumnName = "Name";
        Assert.Contains("Schema mismatch for feature column 'Name'", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(text).Fit(data)).Message);
        var size = Search();
        (size.ImageHeight, size.ImageWidth) = (10, 12);
        Assert.Contains("432 elements", Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DmcpSearch(size).Fit(data)).Message);
    }

    [Fact]
    public void One_class_no_rows_and_a_class_without_images_are_refused()
    {
        Assert.Contains("one class", FitError(TestImages.Rows(40, seed: 1).Where(r => r.Name == "class-1")).Message);
        Assert.Contains("no rows", FitError([], TestImages.Rows(8, seed: 1)).Message);
        Assert.Contains("'class-2'", FitError(TestImages.Rows(40, seed: 1).Where(r => r.Name != "class-2"), TestImages.Rows(8, seed: 1)).Message);
        Assert.Contains("of one class, 'class-3'", FitError(TestImages.Rows(40, seed: 1).Where(r => r.Name == "class-3"), TestImages.Rows(8, seed: 1)).Message);
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.001)]
    public void A_budget_below_the_narrowest_network_is_refused_with_the_range(double ratio)
    {
        var options = Search();
        options.Budget = Budget.FlopsRatio(ratio);
        var error = FitError(TestImages.Rows(16, seed: 1), options: options);
        Assert.IsType<ArgumentOutOfRangeException>(error);
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
        Refuses("WarmUpShare", o => o.WarmUpShare = 1);
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
        var data = Label().Fit(_ml.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1))).Transform(_ml.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1)));
        var strict = new MLContext(seed: 1) { GpuDeviceId = missing, FallbackToCpu = false };
        Assert.Contains("GPU 1000 was asked for", Assert.Throws<InvalidOperationException>(() => strict.Transforms.DmcpSearch(Search()).Fit(data)).Message);
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

    private string MakeImage(string label, string name, int size = 12)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, label)).FullName;
        var path = Path.Combine(folder, name);
        var random = new RandomSource(name.Length + size);
        var pixels = Enumerable.Range(0, size * size * 3).Select(_ => (byte)random.NextInt32(256)).ToArray();
        using var image = TestImages.ToImage(pixels, size, size);
        image.Save(Path.ChangeExtension(path, ".png"));
        if (Path.GetExtension(path) != ".png")
            File.Move(Path.ChangeExtension(path, ".png"), path);
        return path;
    }

    private IEstimator<ITransformer> Label() => _ml.Transforms.Conversion.MapValueToKey("Label", "Name", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue);

    private EstimatorChain<ITransformer> Folder() => new EstimatorChain<ITransformer>()
        .Append<ITransformer>(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append<ITransformer>(_ml.Transforms.LoadImages("Features", null, "ImagePath"));

    private static DmcpSearchOptions Search(string label = "Label") => new()
    {
        Network = TestImages.Network,
        LabelColumnName = label,
        FeatureColumnName = "Pixels",
        VectorLayout = PixelLayout.Interleaved,
        NumberOfEpochs = 2,
        BatchSize = 16,
    };

    private static PrunedRetrainOptions Retrain(int classes) => new()
    {
        ChannelConfig = UniformScaling.Find(TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, classes), Budget.FlopsRatio(0.5)),
        Network = TestImages.Network,
        NumberOfEpochs = 1,
        BatchSize = 4,
    };
}
