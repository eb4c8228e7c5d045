using System.CommandLine;
using Dmcp.Quickstart;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

var data = new Option<DirectoryInfo?>("--data") { Description = "Folder of images, one folder a class: DIR/class/*.jpg|png. Without it, drawn shapes.", HelpName = "DIR" };
var output = new Option<DirectoryInfo>("--output") { Description = "Where the model, the channel config and the plot go.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "demo")) };
var board = new Option<DirectoryInfo?>("--tensorboard") { Description = "Folder of curves for TensorBoard (tensorboard --logdir DIR); none without it.", HelpName = "DIR" };
var network = new Option<string>("--network") { Description = "Network to prune: cifar-resnet20, resnet18, mobilenetv2, vgg16bn ..., '@0.5' behind a name scales its widths.", HelpName = "NAME", DefaultValueFactory = _ => "cifar-resnet20" };
var budget = new Option<double>("--flops") { Description = "Share of the network's FLOPs that the pruned one may use.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
var size = LaboratoryOptions.Least("--image-size", "Side in pixels to which images are resized.", 32, 8);
var perClass = LaboratoryOptions.Least("--per-class", "Training images of a class at most.", 1000, 2);
var heldOut = LaboratoryOptions.Least("--held-out", "Images of a class held out to measure accuracy.", 50, 1);
var searchEpochs = LaboratoryOptions.Least("--search-epochs", "Epochs of the search.", 10, 1);
var trainEpochs = LaboratoryOptions.Least("--train-epochs", "Epochs of each of the three trainings.", 12, 1);
var batchSize = LaboratoryOptions.Least("--batch-size", "Images of a step.", 64, 2);
var precision = new Option<TrainingPrecision>("--precision") { Description = "Numbers that training computes with; 16 bits are faster where the processor has them.", DefaultValueFactory = _ => TrainingPrecision.Single };
var seed = new Option<int>("--seed") { Description = "Seed of everything random.", HelpName = "N", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Prunes an image classifier to a budget with DMCP inside an ML.NET pipeline, and compares it with the unpruned and the uniformly narrowed network.")
{
    data, output, board, network, budget, size, perClass, heldOut, searchEpochs, trainEpochs, batchSize, precision, seed,
};
// On a thread of its own: only then does Ctrl-C reach the cancellation token while the work goes on.
command.SetAction((parsed, cancellation) => Task.Run(() => GuardedRun.Of(new Quickstart(new Settings(
    parsed.GetValue(data)?.FullName, parsed.GetValue(output)!.FullName, parsed.GetValue(board)?.FullName, parsed.GetValue(network)!, parsed.GetValue(budget), parsed.GetValue(size), parsed.GetValue(perClass),
    parsed.GetValue(heldOut), parsed.GetValue(searchEpochs), parsed.GetValue(trainEpochs), parsed.GetValue(batchSize), parsed.GetValue(precision), parsed.GetValue(seed)), cancellation).Run), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
