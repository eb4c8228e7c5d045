using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Tests.Estimators;
using Onnx;

namespace Microsoft.ML.Dmcp.Tests.Interop;

/// <summary>Files in 8 bits beside those in float32.</summary>
public sealed class Int8OnnxTests : PipelineTest
{
    private string Float => Path.Combine(Folder, "float.onnx");

    private string Int8 => Path.Combine(Folder, "int8.onnx");

    [Fact]
    public void A_trained_network_in_8_bits_says_of_new_images_what_it_says_in_float32()
    {
        var train = ML.Data.LoadFromEnumerable(TestImages.Rows(160, seed: 1));
        using var model = Label().Append(ML.Transforms.PrunedRetrain(TinyPipeline.Retrain(epochs: 6))).Fit(train);
        ML.Model.SaveAsOnnx(model, Float, new() { Softmax = false });
        ML.Model.SaveAsOnnx(model, Int8, new() { Softmax = false, CalibrationSet = ML.Data.TakeRows(train, 100) });
        var test = TestImages.Rows(200, seed: 2).Select(row => Planar(row.Pixels)).ToArray();
        var (expected, actual) = (OnnxScores.Of(Float, test, TestImages.Size), OnnxScores.Of(Int8, test, TestImages.Size));
        Assert.InRange(expected.Zip(actual).Count(row => Likeliest(row.First) == Likeliest(row.Second)), 190, 200);
        Assert.InRange(Noise(expected, actual), 1e-9, 0.01);

        static int Likeliest(float[] scores) => Array.IndexOf(scores, scores.Max());
    }

    [Theory, InlineData("resnet18"), InlineData("mobilenetv3-large"), InlineData("densenet121"), InlineData("cifar-mobilenetv2")]
    public void Every_kind_of_network_has_a_quarter_of_the_size_and_logits_close_to_those_of_float32(string name)
    {
        var network = NetworkZoo.Find(name).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);
        using var exported = new ExportedNetwork(network, ExportedNetwork.FirstHalves(network), DrawnPixels.Take(12));
        var images = DrawnPixels.Take(12);
        ML.Model.SaveAsOnnx(exported.Model, Float, new() { Softmax = false });
        ML.Model.SaveAsOnnx(exported.Model, Int8, new() { Softmax = false, CalibrationSet = exported.Rows(images) });
        Assert.InRange((double)new FileInfo(Int8).Length / new FileInfo(Float).Length, 0.25, 0.4);
        Assert.InRange(Noise(OnnxScores.Of(Float, images, 32), OnnxScores.Of(Int8, images, 32)), 1e-9, 0.1);
    }

    [Fact]
    public void Scales_are_those_of_the_weights_with_their_batch_norms_and_of_the_pixels_after_normalisation()
    {
        var network = Small();
        using var exported = new ExportedNetwork(network, null, DrawnPixels.Take(12));
        var images = DrawnPixels.Take(5);
        ML.Model.SaveAsOnnx(exported.Model, Float);
        ML.Model.SaveAsOnnx(exported.Model, Int8, new() { CalibrationSet = exported.Rows(images) });
        var (floats, int8) = (Constants(Float), Constants(Int8));
        foreach (var layer in (string[])["conv", "fc"])
        {
            var weight = Floats(floats[$"{layer}.weight"]);
            var scales = Floats(int8[$"{layer}.weight_scale"]);
            var filter = weight.Length / scales.Length;
            Assert.Equal(layer == "conv" ? 8 : ExportedNetwork.ClassNames.Length, scales.Length);
            Assert.All(scales.Select((scale, c) => (scale, weight.Skip(c * filter).Take(filter).Max(Math.Abs))),
                pair => Assert.Equal(pair.Item2 / 127, pair.scale, 1e-6f));
            Assert.Equal((int)TensorProto.Types.DataType.Int8, int8[$"{layer}.weight_int8"].DataType);
            Assert.Equal((int)TensorProto.Types.DataType.Int32, int8[$"{layer}.bias_int32"].DataType);
        }
        var pixels = images.SelectMany(image =>
            image.Select((p, i) => (p - ExportedNetwork.Mean[i / 1024]) / ExportedNetwork.Deviation[i / 1024])).ToArray();
        var input = network.Input.Name;
        Assert.Equal((pixels.Max() - pixels.Min()) / 255, Floats(int8[$"{input}.scale"])[0], 1e-6f);
        Assert.Equal(Math.Round(-pixels.Min() / Floats(int8[$"{input}.scale"])[0]), int8[$"{input}.zero_point"].RawData[0]);
    }

    [Fact]
    public void Runtimes_can_make_integer_operators_of_it()
    {
        using var exported = new ExportedNetwork(Small(), null, DrawnPixels.Take(12));
        ML.Model.SaveAsOnnx(exported.Model, Int8, new() { CalibrationSet = exported.Rows(DrawnPixels.Take(5)) });
        var fused = OnnxScores.Operators(Int8, Path.Combine(Folder, "fused.onnx"));
        Assert.Contains("QLinearConv", fused);
        Assert.Contains("QLinearGlobalAveragePool", fused);
        Assert.Contains("QGemm", fused);
        Assert.DoesNotContain("Conv", fused);
        Assert.DoesNotContain("Gemm", fused);
        // The activation is part of the range.
        Assert.DoesNotContain("Relu", fused);
    }

    [Fact]
    public void Images_that_are_all_the_same_or_of_no_colour_make_a_file_that_gives_numbers()
    {
        using var exported = new ExportedNetwork(Small(), null, DrawnPixels.Take(12));
        foreach (var pixel in (float[])[0, 101.5f, 255])
        {
            var constant = Enumerable.Repeat(pixel, 3 * 32 * 32).ToArray();
            ML.Model.SaveAsOnnx(exported.Model, Int8, new() { CalibrationSet = exported.Rows([constant]) });
            Assert.All(Constants(Int8).Where(c => c.Key.EndsWith("scale", StringComparison.Ordinal)).SelectMany(c => Floats(c.Value)),
                scale => Assert.True(float.IsNormal(scale), $"{scale}"));
            Assert.All(OnnxScores.Of(Int8, [constant, DrawnPixels.Take(1)[0]], 32).SelectMany(s => s),
                score => Assert.True(float.IsFinite(score)));
        }
    }

    [Fact]
    public void Calibration_images_go_through_the_transforms_of_the_model()
    {
        var files = Path.Combine(Folder, "files");
        Directory.CreateDirectory(files);
        var listed = TestImages.ImageRows(32, seed: 1).Select((row, i) =>
        {
            var path = Path.Combine(files, $"{i}.png");
            row.Image!.Save(path);
            return new ImageFile { ImagePath = path, Label = row.Name };
        }).ToArray();
        var data = ML.Data.LoadFromEnumerable(listed);
        var options = TinyPipeline.Retrain();
        options.FeatureColumnName = "Features";
        using var model = ML.Transforms.Conversion.MapValueToKey("Label")
            .Append(ML.Transforms.LoadImages("Features", null, "ImagePath"))
            .Append(ML.Transforms.PrunedRetrain(options)).Fit(data);
        // One that cannot be read is left out.
        System.IO.File.WriteAllText(listed[3].ImagePath, "no image");
        ML.Model.SaveAsOnnx(model, Int8, new() { CalibrationSet = data });
        using var session = ExportedNetwork.Open(Int8);
        Assert.Equal("int8", session.ModelMetadata.CustomMetadataMap["precision"]);

        Refused<InvalidOperationException>(ML.Data.LoadFromEnumerable<ImageFile>([]), "no image");
        Refused<InvalidOperationException>(ML.Data.LoadFromEnumerable(listed[3..4]), "no image", listed[3].ImagePath);
        Refused<ArgumentOutOfRangeException>(ML.Data.LoadFromEnumerable(TestImages.Rows(8, seed: 1)), "Label");

        void Refused<T>(IDataView set, params string[] named)
            where T : Exception
        {
            var error = Assert.Throws<T>(() => ML.Model.SaveAsOnnx(model, Float, new() { CalibrationSet = set }));
            Assert.All(named, name => Assert.Contains(name, error.Message));
            Assert.False(System.IO.File.Exists(Float));
        }
    }

    [Fact]
    public void Options_that_8_bits_have_no_form_for_are_refused()
    {
        using var exported = new ExportedNetwork(Small(), null, DrawnPixels.Take(4));
        var set = exported.Rows(DrawnPixels.Take(4));
        Refused(new() { CalibrationSet = set, Opset = 12 }, nameof(OnnxExportOptions.Opset), "13 to 21 with a CalibrationSet");
        Refused(new() { CalibrationSet = set, FoldBatchNorm = false }, nameof(OnnxExportOptions.FoldBatchNorm), "true with a Calibration");
        ML.Model.SaveAsOnnx(exported.Model, Int8, new() { CalibrationSet = set, Opset = 13 });
        Assert.Equal(2, OnnxScores.Of(Int8, DrawnPixels.Take(2), 32).Length);

        void Refused(OnnxExportOptions options, string name, string needed)
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => ML.Model.SaveAsOnnx(exported.Model, Float, options));
            Assert.Equal(name, error.ParamName);
            Assert.Contains(needed, error.Message);
        }
    }

    private static NetworkDescription Small() => new NetworkArchitecture("small", net =>
    {
        var x = net.ReLU(net.BatchNorm(net.Conv(net.Input, 8, 3, name: "conv")));
        net.Linear(net.GlobalAveragePool(x), net.Classes, name: "fc");
    }).Describe(3, 32, 32, ExportedNetwork.ClassNames.Length);

    private static Dictionary<string, TensorProto> Constants(string path) =>
        ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(path)).Graph.Initializer.ToDictionary(tensor => tensor.Name);

    private static float[] Floats(TensorProto tensor) =>
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();

    /// <summary>Mean square of the differences, as a share of the variance.</summary>
    private static double Noise(float[][] expected, float[][] actual)
    {
        var (first, second) = (expected.SelectMany(s => s).ToArray(), actual.SelectMany(s => s));
        var mean = first.Average();
        return first.Zip(second, (e, a) => Math.Pow(e - a, 2)).Sum() / first.Sum(e => Math.Pow(e - mean, 2));
    }

    private static float[] Planar(float[] interleaved)
    {
        var plane = interleaved.Length / 3;
        return [.. Enumerable.Range(0, interleaved.Length).Select(i => interleaved[i % plane * 3 + i / plane])];
    }
}
