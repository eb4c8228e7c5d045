
namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>
/// Rows without an image, images that were disposed of, files that are none, and the other ways in which image columns fail.
/// </summary>
public sealed class ImageInputTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-images").FullName;
    private readonly List<string> _warnings = [];

    public ImageInputTests()
    {
        _ml.Log += (_, e) =>
        {
            if (e.Message.Contains("could not be read", StringComparison.Ordinal))
                _warnings.Add(e.Message);
        };
        foreach (var (row, i) in TestImages.ImageRows(32, seed: 1).Select((r, i) => (r, i)))
            row.Image!.Save(FileOf(i));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, InlineData(false), InlineData(true)]
    public void A_row_without_an_image_is_left_out_of_a_training_and_has_no_prediction_behind_any_transform(bool resizes)
    {
        var files = Files();
        files[5].ImagePath = "";
        var data = _ml.Data.LoadFromEnumerable(files);
        var model = Pipeline(resizes).Fit(data);
        Assert.Contains("1 of 32 images", _warnings[0]);
        var found = _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(data), false).ToArray();
        Assert.All(found[5].Score, s => Assert.True(float.IsNaN(s)));
        Assert.All(found.Where((_, i) => i != 5), r => Assert.All(r.Score, s => Assert.True(float.IsFinite(s))));
        var engine = _ml.Model.CreatePredictionEngine<ImageFile, ScoreRow>(model);
        Assert.True(float.IsFinite(engine.Predict(files[0]).Score[0]));
        Assert.True(float.IsNaN(engine.Predict(files[5]).Score[0]));
    }

    [Fact]
    public void Images_that_ResizeImages_disposed_of_are_not_taken_for_missing_ones_and_the_fix_is_named()
    {
        var rows = TestImages.ImageRows(32, seed: 1);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var resize = _ml.Transforms.Conversion.MapValueToKey("Label", "Name")
            .Append(_ml.Transforms.ResizeImages("Image", TestImages.Size, TestImages.Size));
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Image";
        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            for (var pass = 0; pass < 2; pass++)
                resize.Append(_ml.Transforms.PrunedRetrain(options)).Fit(data);
        });
        Assert.Contains("leave ResizeImages out", error.Message);
    }

    [Fact]
    public void A_file_that_is_no_image_is_named_in_training_and_in_prediction()
    {
        System.IO.File.WriteAllText(FileOf(7), "no image");
        var data = _ml.Data.LoadFromEnumerable(Files());
        var model = Pipeline(resizes: false).Fit(data);
        Assert.Contains(FileOf(7), _warnings[0]);
        _warnings.Clear();
        _ = _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(data), false).Count();
        Assert.Contains(FileOf(7), Assert.Single(_warnings));
    }

    [Fact]
    public void A_cache_behind_images_says_where_it_belongs()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.LoadImages("Image", null, "ImagePath"))
            .AppendCacheCheckpoint(_ml).Append(_ml.Transforms.PrunedRetrain(Options()));
        Assert.Contains(
            "put it before LoadImages",
            Assert.Throws<ArgumentOutOfRangeException>(() => pipeline.Fit(_ml.Data.LoadFromEnumerable(Files()))).Message);
    }

    [Fact]
    public void A_folder_lists_all_that_can_be_decoded_and_names_what_it_leaves_out()
    {
        foreach (var name in (string[])["a/1.jpg", "a/2.webp", "a/3.GIF", "a/notes.txt", "a/more/4.jpg", "b/1.jpg"])
        {
            var file = Path.Combine(_folder, "classes", name);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            System.IO.File.WriteAllText(file, "");
        }
        var leftOut = new List<string>();
        var listed = ImageFolder.List(Path.Combine(_folder, "classes"), leftOut.Add);
        Assert.Equal(["1.jpg", "2.webp", "3.GIF", "1.jpg"], listed.Select(f => Path.GetFileName(f.ImagePath)));
        Assert.Equal(["more", "notes.txt"], leftOut.Select(f => Path.GetFileName(f)));
    }

    private string FileOf(int index) => Path.Combine(_folder, $"{index}.png");

    private ImageFile[] Files() =>
        Enumerable.Range(0, 32).Select(i => new ImageFile { ImagePath = FileOf(i), Label = $"class-{i % TestImages.Classes}" }).ToArray();

    private static PrunedRetrainOptions Options()
    {
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Image";
        return options;
    }

    private IEstimator<ITransformer> Pipeline(bool resizes)
    {
        IEstimator<ITransformer> load = _ml.Transforms.LoadImages("Image", null, "ImagePath");
        if (resizes)
            load = load.Append(_ml.Transforms.ResizeImages("Image", TestImages.Size, TestImages.Size));
        return _ml.Transforms.Conversion.MapValueToKey("Label").Append(load).Append(_ml.Transforms.PrunedRetrain(Options()));
    }
}
