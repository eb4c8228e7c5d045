using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp;

// mpirun -np 2 dotnet Dmcp.Distributed.dll [folder of images, one folder a class] [folder for checkpoints and the model, seen by all]
using var ranks = MpiCommunicator.StartIfLaunched();                 // null when started by itself: one process
var isFirst = ranks is null or { Rank: 0 };
var output = Directory.CreateDirectory(args.ElementAtOrDefault(1) ?? "artifacts/distributed").FullName;
if (args.Length == 0 && isFirst)
    DrawnShapes.InFolder(output, perClass: 50);
ranks?.Barrier();                                                    // the images are there
var folder = args.ElementAtOrDefault(0) ?? DrawnShapes.InFolder(output, perClass: 50);

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(ImageFolder.List(folder));
var split = ml.Data.TrainTestSplit(images, testFraction: 0.2);
var show = new ConsoleProgress();                                    // called on rank 0 alone
var search = new DmcpSearchOptions
{
    Network = NetworkZoo.CifarResNet(20),
    Budget = Budget.FlopsRatio(0.5),
    NumberOfEpochs = 4,
    BatchSize = 64,                                                  // of all ranks together
    Communicator = ranks,
    CheckpointPath = Path.Combine(output, "search.ckpt"),
    MetricsCallback = show.Show("search"),
};
var train = new PrunedRetrainOptions
{
    NumberOfEpochs = 6,
    Communicator = ranks,
    CheckpointPath = Path.Combine(output, "train.ckpt"),
    MetricsCallback = show.Show("train"),
};
var model = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadImages("Features", null, "ImagePath"))
    .Append(ml.Transforms.ResizeImages("Features", 32, 32))
    .Append(ml.Transforms.DmcpSearch(search))
    .Append(ml.Transforms.PrunedRetrain(train))
    .Fit(split.TrainSet);
if (!isFirst)
    return;                                                          // all have the same model
Console.WriteLine(model.LastTransformer.ChannelConfig);
Console.WriteLine($"{ranks?.Size ?? 1} ranks{(ranks is null ? "" : $" over {ranks.Library}")}, accuracy on test images: " +
    $"{ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet)).MicroAccuracy:P1}");
ml.Model.Save(model, images.Schema, Path.Combine(output, "model.zip"));
