using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>What a user reads whose images do not fit or are damaged: which one it is, and what to do.</summary>
public sealed class ImageMessageTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-messages").FullName;
    private readonly List<string> _warnings = [];

    public ImageMessageTests() => _ml.Log += (_, e) =>
    {
        if (e.Message.Contains("could not be read", StringComparison.Ordinal))
            _warnings.Add(e.Message);
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(160, 213, 192)]
    [InlineData(500, 500, 224)]
    [InlineData(30, 40, 32)]
    [InlineData(640, 480, 224)]
    public void Photos_of_mixed_sizes_are_not_advised_to_take_the_size_of_the_first_one(int width, int height, int usual)
    {
        Save(0, width, height);
        Save(1, width + 1, height);
        var error = Assert.Throws<InvalidOperationException>(() => Pipeline().Fit(_ml.Data.LoadFromEnumerable(Files(2))));
        Assert.Contains($"'{FileOf(1)}' in column 'Image' is {width + 1}x{height} pixels; needed is {width}x{height}", error.Message);
        Assert.Contains($"for example, mlContext.Transforms.ResizeImages(\"Image\", {usual}, {usual}) before.", error.Message);
    }

    [Fact]
    public void A_small_square_that_the_first_images_have_is_kept()
    {
        Save(0, 48, 48);
        Save(1, 50, 48);
        var error = Assert.Throws<InvalidOperationException>(() => Pipeline().Fit(_ml.Data.LoadFromEnumerable(Files(2))));
        Assert.Contains("Put mlContext.Transforms.ResizeImages(\"Image\", 48, 48) before.", error.Message);
    }

    [Fact]
    public void A_damaged_file_is_named_in_training_in_bulk_predictions_and_by_an_engine()
    {
        for (var i = 0; i < 32; i++)
            Save(i, TestImages.Size, TestImages.Size);
        File.WriteAllBytes(FileOf(7), File.ReadAllBytes(FileOf(7))[..20]);
        var data = _ml.Data.LoadFromEnumerable(Files(32));
        var model = Pipeline().Fit(data);
        Assert.Contains(FileOf(7), Assert.Single(_warnings));
        Assert.Equal(32, _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(data), false).Count());
        Assert.Contains(FileOf(7), _warnings[1]);
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, ScoreRow>(model);
        Assert.Contains(FileOf(7), Assert.Throws<InvalidOperationException>(() => engine.Predict(Files(32)[7])).Message);
    }

    [Fact]
    public void A_missing_column_is_named_in_the_same_words_before_and_after_the_data_is_there()
    {
        for (var i = 0; i < 32; i++)
            Save(i, TestImages.Size, TestImages.Size);
        var model = Pipeline().Fit(_ml.Data.LoadFromEnumerable(Files(32)));
        var other = TinyPipeline.Labelled(_ml);
        var schema = string.Join(", ", other.Schema.Select(c => c.Name));
        var estimator = _ml.Transforms.PrunedRetrain(Options());
        var network = _ml.Model.GetPrunedNetwork(model);
        foreach (var message in (string[])[Message(() => estimator.Fit(other)), Message(() => network.Transform(other))])
            Assert.StartsWith($"Could not find feature column 'Image'. The data has: {schema}. (AppendCacheCheckpoint", message);

        static string Message(Action action) => Assert.Throws<ArgumentOutOfRangeException>(action).Message;
    }

    private IEstimator<ITransformer> Pipeline() => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.LoadImages("Image", null, "ImagePath"))
        .Append(_ml.Transforms.PrunedRetrain(Options()));

    private static PrunedRetrainOptions Options()
    {
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Image";
        return options;
    }

    private string FileOf(int index) => Path.Combine(_folder, $"{index}.png");

    private void Save(int index, int width, int height)
    {
        var rgb = new byte[width * height * 3];
        new Random(index).NextBytes(rgb);
        using var image = TestImages.ToImage(rgb, width, height);
        image.Save(FileOf(index));
    }

    private ImageFile[] Files(int count) => Enumerable.Range(0, count)
        .Select(i => new ImageFile { ImagePath = FileOf(i), Label = $"class-{i % TestImages.Classes}" })
        .ToArray();
}
