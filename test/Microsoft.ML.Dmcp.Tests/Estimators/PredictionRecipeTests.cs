using System.Collections.Concurrent;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Estimators;

/// <summary>The recipes for predictions that README gives: from files, from uploads, on many threads.</summary>
public sealed class PredictionRecipeTests : IDisposable
{
    private const int Side = 20;

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-recipes").FullName;
    private readonly ImageFile[] _files;

    public PredictionRecipeTests()
    {
        // Larger than what the network reads, and not square: resizing matters.
        var random = new Random(1);
        _files = Enumerable.Range(0, 32).Select(i =>
        {
            var path = Path.Combine(_folder, $"{i}.png");
            var rgb = new byte[Side * (Side + 6) * 3];
            random.NextBytes(rgb);
            Array.ForEach(Enumerable.Range(0, rgb.Length).ToArray(), p => rgb[p] = (byte)(rgb[p] / 4 + i % TestImages.Classes * 60));
            using var image = TestImages.ToImage(rgb, Side + 6, Side);
            image.Save(path);
            return new ImageFile { ImagePath = path, Label = $"class-{i % TestImages.Classes}" };
        }).ToArray();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void From_a_file_with_text_labels_the_engine_gives_the_class_and_the_network_the_top_3()
    {
        var pipeline = Load().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = Saved(pipeline.Fit(_ml.Data.LoadFromEnumerable(_files)));
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, TextPrediction>(model);
        var prediction = engine.Predict(new ImageFile { ImagePath = _files[5].ImagePath });
        var top3 = _ml.Model.GetPrunedNetwork(model).Rank(prediction.Score, 3);
        Assert.Equal(3, top3.Count);
        Assert.Equal(prediction.PredictedLabel, top3[0].Class);
        Assert.Equal(prediction.Score.OrderDescending().Take(3), top3.Select(c => c.Probability));
        using var image = MLImage.CreateFromFile(_files[5].ImagePath);
        Assert.Equal(top3, _ml.Model.CreateImageClassifier(model).Classify(image, 3));
    }

    [Fact]
    public void From_a_file_with_number_labels_the_top_3_are_named_by_the_numbers()
    {
        var rows = _files.Select((f, i) => new NumberedFile { ImagePath = f.ImagePath, Digit = 10 * (i % TestImages.Classes) }).ToArray();
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Digit").Append(Network())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedDigit", "PredictedLabel"));
        var model = Saved(pipeline.Fit(_ml.Data.LoadFromEnumerable(rows)));
        using var engine = _ml.Model.CreatePredictionEngine<NumberedFile, NumberPrediction>(model);
        var prediction = engine.Predict(rows[7]);
        var top3 = _ml.Model.GetPrunedNetwork(model).Rank(prediction.Score, 3);
        Assert.Equal($"{prediction.PredictedDigit}", top3[0].Class);
        Assert.Equal(["0", "10", "20", "30"], _ml.Model.GetPrunedNetwork(model).Rank(prediction.Score).Select(c => c.Class).Order());
    }

    [Fact]
    public void From_an_upload_a_loaded_model_gives_what_it_gives_for_the_file()
    {
        var model = Saved(Load().Fit(_ml.Data.LoadFromEnumerable(_files)));
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, ScoreRow>(model, options);
        var classifier = _ml.Model.CreateImageClassifier(model);
        foreach (var file in _files.Take(6))
        {
            using var upload = new MemoryStream(File.ReadAllBytes(file.ImagePath));
            using var image = MLImage.CreateFromStream(upload);
            var expected = _ml.Model.GetPrunedNetwork(model).Rank(engine.Predict(file).Score, 3);
            Assert.Equal(expected, classifier.Classify(image, 3));
            // The image is still its owner's.
            Assert.Equal(expected, classifier.Classify(image, 3));
        }
    }

    [Fact]
    public void From_an_image_of_the_right_size_a_model_that_does_not_resize_gives_its_classes_and_others_are_refused()
    {
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Image";
        var rows = _ml.Data.LoadFromEnumerable(TestImages.ImageRows(32, seed: 1));
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transforms.PrunedRetrain(options)).Fit(rows);
        var classifier = _ml.Model.CreateImageClassifier(model);
        Assert.Equal(TestImages.Classes, classifier.Classify(TestImages.ImageRows(1, seed: 2)[0].Image!).Count);
        using var wide = TestImages.ToImage(new byte[Side * Side * 3], Side, Side);
        Assert.Contains($"{Side}x{Side}", Assert.Throws<InvalidOperationException>(() => classifier.Classify(wide)).Message);
    }

    [Fact]
    public void Many_threads_share_one_classifier()
    {
        var model = Saved(Load().Fit(_ml.Data.LoadFromEnumerable(_files)));
        var classifier = _ml.Model.CreateImageClassifier(model);
        IReadOnlyList<ClassProbability> Classify(ImageFile file)
        {
            using var image = MLImage.CreateFromFile(file.ImagePath);
            return classifier.Classify(image);
        }
        var expected = _files.Select(Classify).ToArray();
        Parallel.For(0, 4 * _files.Length, i => Assert.Equal(expected[i % _files.Length], Classify(_files[i % _files.Length])));
    }

    [Fact]
    public void Many_threads_share_one_model_through_a_pool_of_engines_or_through_Transform()
    {
        var model = Saved(Load().Fit(_ml.Data.LoadFromEnumerable(_files)));
        var network = _ml.Model.GetPrunedNetwork(model);
        var scored = _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(_ml.Data.LoadFromEnumerable(_files)), false).ToArray();
        var expected = scored.Select(row => network.Rank(row.Score, 1)[0].Class).ToArray();

        var pool = new ConcurrentBag<PredictionEngine<ImageFile, ScoreRow>>();
        Parallel.For(0, 4 * _files.Length, i =>
        {
            var engine = pool.TryTake(out var free)
                ? free
                : _ml.Model.CreatePredictionEngine<ImageFile, ScoreRow>(model, new PredictionEngineOptions { OwnsTransformer = false });
            var score = engine.Predict(_files[i % _files.Length]).Score;
            pool.Add(engine);
            Assert.Equal(expected[i % _files.Length], network.Rank(score, 1)[0].Class);
        });
        Parallel.For(0, _files.Length, i =>
        {
            var one = _ml.Data.CreateEnumerable<ScoreRow>(model.Transform(_ml.Data.LoadFromEnumerable([_files[i]])), false).Single();
            Assert.Equal(expected[i], network.Rank(one.Score, 1)[0].Class);
        });
    }

    [Fact]
    public void Scores_of_a_row_without_an_image_rank_no_class_and_a_part_of_the_scores_is_refused()
    {
        using var network = (PrunedNetworkTransformer)TinyPipeline.Estimator(_ml, "retrain").Fit(TinyPipeline.Labelled(_ml));
        Assert.Empty(network.Rank([float.NaN, float.NaN, float.NaN, float.NaN]));
        Assert.Equal(["class-1", "class-0", "class-2"], network.Rank([0.3f, 0.4f, 0.3f, 0], 3).Select(c => c.Class));
        Assert.Equal("class-1 0.400", $"{network.Rank([0.3f, 0.4f, 0.3f, 0], 1)[0]}");
        var error = Assert.Throws<ArgumentException>(() => network.Rank([0.5f, 0.5f, 0]));
        Assert.Contains("3 scores were given; the network has 4 classes", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Rank([0.3f, 0.4f, 0.3f, 0], -1));
    }

    [Fact]
    public void A_model_without_a_network_says_what_it_holds()
    {
        var mapping = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.CopyColumns("Copy", "Label"))
            .Fit(_ml.Data.LoadFromEnumerable(_files));
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.GetPrunedNetwork(mapping));
        Assert.Contains("but ValueToKeyMappingTransformer, ColumnCopyingTransformer: fit a pipeline with PrunedRetrain", error.Message);
        error = Assert.Throws<InvalidOperationException>(() => _ml.Model.GetPrunedNetwork(new TransformerChain<ITransformer>()));
        Assert.Contains("no transformer at all", error.Message);
    }

    [Fact]
    public void A_transform_that_may_change_images_is_named_rather_than_left_out_of_a_classifier()
    {
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Dimmed";
        var rows = _ml.Data.LoadFromEnumerable(TestImages.Rows(32, seed: 1));
        var dim = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transforms.NormalizeMinMax("Dimmed", "Pixels"));
        var model = dim.Append(_ml.Transforms.PrunedRetrain(options)).Fit(rows);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Model.CreateImageClassifier(model));
        Assert.Contains("NormalizingTransformer", error.Message);
    }

    private IEstimator<ITransformer> Load() => _ml.Transforms.Conversion.MapValueToKey("Label").Append(Network());

    private IEstimator<ITransformer> Network()
    {
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Pixels";
        options.VectorLayout = PixelLayout.Planar;
        return _ml.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(_ml.Transforms.ResizeImages("Small", TestImages.Size, TestImages.Size, "Image"))
            .Append(_ml.Transforms.ExtractPixels("Pixels", "Small"))
            .Append(_ml.Transforms.PrunedRetrain(options));
    }

    private ITransformer Saved(ITransformer model)
    {
        var path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(model, null, path);
        return _ml.Model.Load(path, out _);
    }

    private sealed class NumberedFile
    {
        public string ImagePath { get; set; } = "";

        public int Digit { get; set; }
    }

    private sealed class TextPrediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class NumberPrediction
    {
        public int PredictedDigit { get; set; }

        public float[] Score { get; set; } = [];
    }
}
