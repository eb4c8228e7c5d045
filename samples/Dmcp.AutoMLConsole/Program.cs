using Microsoft.ML;
using Microsoft.ML.Dmcp;

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.List(args[0]));          // photos/cat/1.jpg, photos/dog/1.jpg ...
var split = ml.Data.TrainTestSplit(images, testFraction: 0.2, seed: 1);
var settings = new DmcpExperimentSettings { MaxExperimentTime = TimeSpan.FromMinutes(30), MaxTrials = 10, CheckpointFolder = args[1] };
settings.Networks = [NetworkZoo.CifarResNet(20)];
(settings.SmallestBudget, settings.LargestBudget) = (Budget.FlopsRatio(0.1), Budget.FlopsRatio(0.75));
(settings.SharedEpochs, settings.SearchEpochs, settings.TrainingEpochs) = (8, 3, 16);
settings.ConfigureTraining = options => options.RandomHorizontalFlip = true;
var prepare = ml.Transforms.LoadImages("Features", null, "ImagePath").Append(ml.Transforms.ResizeImages("Features", 32, 32));
var result = ml.MulticlassClassification.CreateDmcpExperiment(settings)
    .Execute(split.TrainSet, preFeaturizer: prepare, progressHandler: new Progress<DmcpTrial>(Console.WriteLine));
Console.WriteLine("The front:");
foreach (var run in result.ParetoFront)
    Console.WriteLine($"{run}, {run.RuntimeInSeconds:0} s");
var test = ml.MulticlassClassification.Evaluate(result.BestRun!.Model.Transform(split.TestSet));
Console.WriteLine($"The best run on test images: {test.MicroAccuracy:P1}");
File.Copy(result.BestRun.ModelPath!, "model.zip", overwrite: true);
