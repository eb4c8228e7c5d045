// Writes the network of a saved model as ONNX and serves a folder of images by both: Dmcp.Onnx model.zip photos/
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

if (args is not [var modelPath, var folder])
{
    Console.Error.WriteLine("Usage: Dmcp.Onnx model.zip folder, where the folder has one folder of images for every class.");
    return 2;
}
var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.List(folder));      // folder/class/*.jpg
var model = ml.Model.Load(modelPath, out _);
var network = ml.Model.GetPrunedNetwork(model);
var onnxPath = Path.ChangeExtension(modelPath, ".onnx");
ml.Model.SaveAsOnnx(model, onnxPath);

var served = ml.Transforms.LoadImages("image", null, "ImagePath")
    .Append(ml.Transforms.ResizeImages("image", network.ChannelConfig.ImageWidth, network.ChannelConfig.ImageHeight))
    .Append(ml.Transforms.ExtractPixels("pixels", "image"))
    .Append(ml.Transforms.ApplyOnnxModel("scores", "pixels", onnxPath))
    .Fit(images);
var labels = images.GetColumn<string>("Label").ToArray();
Report(modelPath, model, "Score");
Report(onnxPath, served, "scores");
return 0;

void Report(string file, ITransformer transformer, string column)
{
    var scores = transformer.Transform(images).GetColumn<float[]>(column);
    _ = scores.First();                                                 // what is loaded and compiled once
    var watch = Stopwatch.StartNew();
    var right = scores.Zip(labels).Count(row => network.Rank(row.First, 1) is [var top] && top.Class == row.Second);
    var milliseconds = watch.Elapsed.TotalMilliseconds / labels.Length;
    var percent = 100.0 * right / labels.Length;
    Console.WriteLine(FormattableString.Invariant(
        $"{Path.GetFileName(file)}: top 1 {right} of {labels.Length} ({percent:0.0} %), {milliseconds:0.00} ms an image"));
}
