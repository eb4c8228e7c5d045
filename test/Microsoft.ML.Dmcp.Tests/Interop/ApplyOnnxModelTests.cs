using Dmcp.Samples.Shared;
using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>ML.NET serves the exported file by its own transform.</summary>
public sealed class ApplyOnnxModelTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("dmcp-onnx").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_pipeline_with_ApplyOnnxModel_scores_a_folder_of_images_as_the_model_does()
    {
        DrawnShapes.WriteFolder(_folder, perClass: 3, seed: 2);
        var images = _ml.Data.LoadFromEnumerable(ImageFolder.List(_folder));
        var network = NetworkZoo.CifarResNet(8);
        var config = UniformScaling.Find(network.Describe(3, 24, 24, 12), Budget.FlopsRatio(0.5));
        var options = new PrunedRetrainOptions { Network = network, ChannelConfig = config, NumberOfEpochs = 2, BatchSize = 12 };
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.LoadImages("Features", null, "ImagePath"))
            .Append(_ml.Transforms.ResizeImages("Features", 24, 24))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(options))
            .Fit(images);
        var path = Path.Combine(_folder, "network.onnx");
        _ml.Model.SaveAsOnnx(model, path);

        using var served = _ml.Transforms.LoadImages("image", null, "ImagePath")
            .Append(_ml.Transforms.ResizeImages("image", 24, 24))
            .Append(_ml.Transforms.ExtractPixels("pixels", "image"))
            .Append(_ml.Transforms.ApplyOnnxModel("scores", "pixels", path))
            .Fit(images);
        var expected = Scores(model.Transform(images), "Score");
        var actual = Scores(served.Transform(images), "scores");
        Assert.Equal(36 * 12, expected.Length);
        Assert.True(expected.Max() - expected.Min() > 0.02, "The scores hardly differ.");
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static float[] Scores(IDataView rows, string column) =>
        [.. rows.GetColumn<float[]>(column).SelectMany(scores => scores)];
}
