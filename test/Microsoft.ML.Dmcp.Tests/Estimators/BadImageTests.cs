using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>Whatever is wrong with a folder of images, the message names the file or folder and the fix.</summary>
public sealed class BadImageTests : IDisposable
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
        Assert.Equal(
            ["a/x.jpg", "b/1.PNG", "b/2.png"], ImageFolder.List(_folder).Select(f => $"{f.Label}/{Path.GetFileName(f.ImagePath)}"));
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
        var model = Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2)))
            .Fit(_ml.Data.LoadFromEnumerable(ImageFolder.List(_folder)));
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
        Assert.Contains(
            "'Features' could not be read",
            Assert.Throws<InvalidOperationException>(() => engine.Predict(new ImageFile { ImagePath = files[3] })).Message);
    }

    [Fact]
    public void A_folder_of_undecodable_images_is_refused_with_the_first_failure()
    {
        for (var i = 0; i < 6; i++)
            File.WriteAllBytes(MakeImage(i % 2 == 0 ? "even" : "odd", $"{i}.png"), [1, 2, 3]);
        var data = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var error = Assert.Throws<InvalidOperationException>(
            () => Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2))).Fit(data));
        Assert.Contains("None of the 6 rows", error.Message);
        Assert.NotNull(error.InnerException);
    }

    [Fact]
    public void Images_of_another_size_are_refused_with_the_call_that_resizes_them()
    {
        for (var i = 0; i < 8; i++)
            MakeImage(i % 2 == 0 ? "even" : "odd", $"{i}.png", size: i == 5 ? 14 : 12);
        var data = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var error = Assert.Throws<InvalidOperationException>(
            () => Folder().Append(_ml.Transforms.PrunedRetrain(Retrain(classes: 2))).Fit(data));
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

    private EstimatorChain<ITransformer> Folder() => new EstimatorChain<ITransformer>()
        .Append<ITransformer>(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append<ITransformer>(_ml.Transforms.LoadImages("Features", null, "ImagePath"));

    private static PrunedRetrainOptions Retrain(int classes) => new()
    {
        ChannelConfig = UniformScaling.Find(
            TestImages.Network.Describe(3, TestImages.Size, TestImages.Size, classes), Budget.FlopsRatio(0.5)),
        Network = TestImages.Network,
        NumberOfEpochs = 1,
        BatchSize = 4,
    };
}
