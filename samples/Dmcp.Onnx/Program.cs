// Writes the network of a saved model as ONNX, in float32 and in 8 bits, and classifies a folder of images with each:
// Dmcp.Onnx model.zip photos/ training-photos/
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

if (args is not [var modelPath, var folder, var trainingFolder])
{
    Console.Error.WriteLine("Usage: Dmcp.Onnx model.zip folder training-folder, each with one folder of images for every class.");
    return 2;
}
var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.List(folder));      // folder/class/*.jpg
var labels = images.GetColumn<string>("Label").ToArray();
var model = ml.Model.Load(modelPath, out _);
var network = ml.Model.GetPrunedNetwork(model);
var floatPath = Path.ChangeExtension(modelPath, ".onnx");
var int8Path = Path.ChangeExtension(modelPath, ".int8.onnx");
ml.Model.SaveAsOnnx(model, floatPath);
var training = ml.Data.ShuffleRows(ml.Data.LoadFromEnumerable(ImageFolder.List(trainingFolder)), seed: 1);
ml.Model.SaveAsOnnx(model, int8Path, new OnnxExportOptions { CalibrationSet = ml.Data.TakeRows(training, 300) });

Report(modelPath, "libtorch, images read anew", model.Transform(images).GetColumn<float[]>("Score"));
var prepared = ml.Transforms.LoadImages("image", null, "ImagePath")
    .Append(ml.Transforms.ResizeImages("image", network.ChannelConfig.ImageWidth, network.ChannelConfig.ImageHeight))
    .Append(ml.Transforms.ExtractPixels("pixels", "image"))
    .Fit(images).Transform(images);
var pixels = ml.Data.Cache(prepared, "pixels");
foreach (var path in (string[])[floatPath, int8Path])
{
    using var served = ml.Transforms.ApplyOnnxModel(["scores"], ["pixels"], path).Fit(pixels);
    Report(path, "ONNX Runtime, pixels in memory", served.Transform(pixels).GetColumn<float[]>("scores"));
}
return 0;

void Report(string file, string how, IEnumerable<float[]> scores)
{
    _ = scores.Count();                                                 // what is loaded, compiled and cached once
    var watch = Stopwatch.StartNew();
    var rows = scores.ToArray();
    var milliseconds = watch.Elapsed.TotalMilliseconds / labels.Length;
    var right = rows.Zip(labels).Count(row => network.Rank(row.First, 1) is [var top] && top.Class == row.Second);
    var (percent, kilobytes) = (100.0 * right / labels.Length, new FileInfo(file).Length / 1e3);
    Console.WriteLine(FormattableString.Invariant($"{Path.GetFileName(file)}: top 1 {right} of {labels.Length} ({percent:0.0} %), ") +
        FormattableString.Invariant($"{kilobytes:#,0} kB, {milliseconds:0.00} ms an image ({how})"));
}
