using System.Text.Json;
using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp;

if (args.Length != 3)
{
    Console.Error.WriteLine("Usage: Dmcp.AutoMLFront IMAGES FOLDER MINUTES, where IMAGES has one folder a class.");
    return 1;
}
var ml = new MLContext(seed: 1);
// Half of every class is trained on, the other half validates: the halves of Dmcp.Transfer.
var classes = ImageFolder.List(args[0]).GroupBy(image => image.Label).Select(images => images.ToArray()).ToArray();
var training = ml.Data.LoadFromEnumerable(classes.SelectMany(images => images.SkipLast(images.Length / 2)));
var validation = ml.Data.LoadFromEnumerable(classes.SelectMany(images => images.TakeLast(images.Length / 2)));
Directory.CreateDirectory(args[1]);
var (imported, weights) = (NetworkZoo.PretrainedResNet18(), Path.Combine(args[1], "imported"));
if (!File.Exists(weights))
    imported.SaveWeights(weights);
var settings = new DmcpExperimentSettings
{
    MaxExperimentTime = TimeSpan.FromMinutes(double.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture)),
    Networks = [new DmcpNetwork(imported.Architecture, weights)],
    SmallestBudget = Budget.FlopsRatio(0.08),
    LargestBudget = Budget.FlopsRatio(0.5),
    CheckpointFolder = args[1],
    SharedEpochs = 6,
    SearchEpochs = 2,
    TrainingEpochs = 6,
    // Both methods of every budget come to their end: they are to be compared.
    StopEarly = false,
    ConfigureTraining = options => (options.BatchSize, options.RandomHorizontalFlip, options.NumberOfThreads) = (32, true, 1),
};
var prepare = ml.Transforms.LoadImages("Features", null, nameof(ImageFile.ImagePath))
    .Append(ml.Transforms.ResizeImages("Features", 96, 96));
var result = ml.MulticlassClassification.CreateDmcpExperiment(settings)
    .Execute(training, validation, preFeaturizer: prepare, progressHandler: new Progress<DmcpTrial>(Console.WriteLine));
var runs = result.RunDetails.Where(run => run.ValidationMetrics is not null).OrderBy(run => run.Cost).ToArray();
var lines = runs.GroupBy(run => run.Method).Select(method => new LineSeries(
    method.Key.ToString(), method.Select(run => (run.Cost!.Value, 100 * run.ValidationMetrics!.MicroAccuracy)).ToArray()));
LinePlot.Save("Accuracy against FLOPs", "MFLOPs", "accuracy, percent", lines.ToArray(), Path.Combine(args[1], "front.svg"));
File.WriteAllText(Path.Combine(args[1], "front.json"), JsonSerializer.Serialize(result.SharedWeights.Concat(runs).Select(run => new
{
    run.Number, Method = run.Method.ToString(), run.Cost, run.ValidationMetrics?.MicroAccuracy, run.RuntimeInSeconds,
    OnTheFront = result.ParetoFront.Contains(run),
}), new JsonSerializerOptions { WriteIndented = true }));
return 0;
