using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Tests.Estimators;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>ML.NET's own conversion to ONNX takes our transformers along.</summary>
public sealed class ConvertToOnnxTests : PipelineTest
{
    private string File => Path.Combine(Folder, "converted.onnx");

    [Theory, InlineData("resnet18"), InlineData("mobilenetv2"), InlineData("mobilenetv3-large"), InlineData("cifar-resnet20")]
    public void A_pruned_network_that_MLNET_converts_scores_batches_of_pictures_as_the_model_does(string name)
    {
        var network = NetworkZoo.Find(name).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
        using var exported = new ExportedNetwork(network, ExportedNetwork.FirstHalves(network), DrawnPixels.Take(8));
        var images = DrawnPixels.Take(4);
        Convert(exported.Model, exported.Rows(images));
        using var session = ExportedNetwork.Open(File);
        Assert.Equal(["Pixels"], session.InputNames);
        using var pixels = OrtValue.CreateTensorValueFromMemory(images.SelectMany(i => i).ToArray(), [images.Length, 3 * 32 * 32]);
        using var run = new OnnxRuntime.RunOptions();
        using var outputs = session.Run(run, ["Pixels"], [pixels], ["PredictedLabel.output", "Score.output", "Embedding.output"]);
        var expected = exported.Predict(images);
        AssertClose(expected.SelectMany(row => row.Score), outputs[1].GetTensorDataAsSpan<float>().ToArray());
        AssertClose(expected.SelectMany(row => row.Embedding), outputs[2].GetTensorDataAsSpan<float>().ToArray());
        Assert.Equal([images.Length, 1], outputs[0].GetTensorTypeAndShape().Shape);
        Assert.Equal(expected.Select(row => (uint)Array.IndexOf(row.Score, row.Score.Max()) + 1),
            outputs[0].GetTensorDataAsSpan<uint>().ToArray());
    }

    [Fact]
    public void A_pipeline_from_the_text_of_a_label_to_that_of_the_prediction_gives_the_same_columns_by_ApplyOnnxModel()
    {
        var data = ML.Data.LoadFromEnumerable(TestImages.Rows(64, seed: 1));
        var model = Search().Append(ML.Transforms.PrunedRetrain(TinyPipeline.RetrainFound(epochs: 4)))
            .Append(ML.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel")).Fit(data);
        Convert(model, data);
        var test = ML.Data.LoadFromEnumerable(TestImages.Rows(20, seed: 2));
        string[] columns = ["Label", "ChannelWidths", "PredictedLabel", "Score", "Class"];
        using var converted = ML.Transforms.ApplyOnnxModel(
            [.. columns.Select(column => $"{column}.output")], ["Name", "Pixels", "Number"], File).Fit(test);
        var (expected, actual) = (model.Transform(test), converted.Transform(test));
        AssertClose(Floats(expected, "Score"), Floats(actual, "Score"));
        AssertClose(Floats(expected, "ChannelWidths"), Floats(actual, "ChannelWidths"));
        foreach (var key in (string[])["Label", "PredictedLabel"])
            Assert.Equal(expected.GetColumn<uint>(key), actual.GetColumn<VBuffer<uint>>(key).Select(k => k.DenseValues().Single()));
        var classes = expected.GetColumn<string>("Class").ToArray();
        Assert.True(classes.Distinct().Count() > 1, "All rows have one class.");
        Assert.Equal(classes, actual.GetColumn<VBuffer<ReadOnlyMemory<char>>>("Class").Select(c => c.DenseValues().Single().ToString()));
    }

    [Fact]
    public void Pixels_of_bytes_are_converted_as_those_of_floats()
    {
        var type = new VectorDataViewType(NumberDataViewType.Byte, TestImages.Size * TestImages.Size * 3);
        var schema = SchemaDefinition.Create(typeof(ByteRow));
        schema[nameof(ByteRow.Pixels)].ColumnType = type;
        var rows = TestImages.Rows(32, seed: 1)
            .Select(row => new ByteRow { Name = row.Name, Pixels = Array.ConvertAll(row.Pixels, p => (byte)p) });
        var data = ML.Data.LoadFromEnumerable(rows, schema);
        var model = TinyPipeline.Label(ML).Append(ML.Transforms.PrunedRetrain(TinyPipeline.Retrain(epochs: 2))).Fit(data);
        Convert(model, data);
        using var session = ExportedNetwork.Open(File);
        using var run = new OnnxRuntime.RunOptions();
        using var names = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [2, 1]);
        using var pixels = OrtValue.CreateTensorValueFromMemory(rows.Take(2).SelectMany(r => r.Pixels).ToArray(), [2, type.Size]);
        using var outputs = session.Run(run, ["Name", "Pixels"], [names, pixels], ["Score.output"]);
        AssertClose(Floats(model.Transform(data), "Score").Take(2 * TestImages.Classes), outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void Where_images_are_bitmaps_the_conversion_names_the_column_and_the_way_that_works()
    {
        var rows = ML.Data.LoadFromEnumerable(TestImages.ImageRows(16, seed: 1));
        Refused(Bitmaps("Image"), rows, "'Image'");
        Refused(ML.Transforms.ExtractPixels("Pixels", "Image").Append(Vectors("Pixels")), rows, "'Image'");

        var files = Path.Combine(Folder, "files");
        Directory.CreateDirectory(files);
        var listed = TestImages.ImageRows(8, seed: 1).Select((row, i) =>
        {
            var path = Path.Combine(files, $"{i}.png");
            row.Image!.Save(path);
            return new ImageFile { ImagePath = path, Label = row.Name };
        }).ToArray();
        var data = ML.Data.LoadFromEnumerable(listed);
        var load = ML.Transforms.CopyColumns("Name", "Label").Append(ML.Transforms.LoadImages("Image", null, "ImagePath"))
            .Append(ML.Transforms.ResizeImages("Image", TestImages.Size, TestImages.Size));
        Refused(load.Append(Bitmaps("Image")), data, "'Image'");
        Refused(load.Append(ML.Transforms.ExtractPixels("Pixels", "Image")).Append(Vectors("Pixels")), data, "'Pixels'");

        IEstimator<ITransformer> Bitmaps(string column) => Label().Append(ML.Transforms.PrunedRetrain(Options(column)));

        IEstimator<ITransformer> Vectors(string column)
        {
            var options = Options(column);
            options.VectorLayout = PixelLayout.Planar;
            return Label().Append(ML.Transforms.PrunedRetrain(options));
        }

        static PrunedRetrainOptions Options(string column)
        {
            var options = TinyPipeline.Retrain();
            options.FeatureColumnName = column;
            return options;
        }

        void Refused(IEstimator<ITransformer> pipeline, IDataView data, string column)
        {
            using var stream = new MemoryStream();
            var error = Assert.Throws<NotSupportedException>(() => ML.Model.ConvertToOnnx(pipeline.Fit(data), data, stream));
            Assert.Contains(column, error.Message);
            Assert.Contains("mlContext.Model.SaveAsOnnx of the package Microsoft.ML.Dmcp.Interop", error.Message);
            Assert.Equal(0, stream.Length);
        }
    }

    [Fact]
    public void Operators_that_are_too_old_are_refused_with_the_version_that_is_needed()
    {
        var data = TinyPipeline.Labelled(ML);
        var model = TinyPipeline.Estimator(ML, "retrain").Fit(data);
        using var stream = new MemoryStream();
        var error = Assert.ThrowsAny<ArgumentException>(() => ML.Model.ConvertToOnnx(model, data, 11, stream));
        Assert.Contains("PrunedNetworkTransformer's minimum OpSet version requirement: 12", error.Message);
    }

    private void Convert(ITransformer model, IDataView data)
    {
        using var stream = System.IO.File.Create(File);
        ML.Model.ConvertToOnnx(model, data, stream);
    }

    private static float[] Floats(IDataView rows, string column) =>
        [.. rows.GetColumn<float[]>(column).SelectMany(values => values)];

    private static void AssertClose(IEnumerable<float> expected, float[] actual)
    {
        var values = expected.ToArray();
        Assert.True(values.Max() - values.Min() > 0.02, "The values hardly differ.");
        OnnxScores.AssertClose(values, actual);
    }

    private sealed class ByteRow
    {
        public string Name { get; set; } = "";

        public byte[] Pixels { get; set; } = [];
    }
}
