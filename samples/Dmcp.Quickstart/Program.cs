using System.CommandLine;
using Dmcp.Quickstart;
using Dmcp.Samples.Shared;

var data = new Option<DirectoryInfo?>("--data") { Description = "Folder of images, one folder a class: DIR/class/*.jpg|png. Without it, drawn shapes.", HelpName = "DIR" };
var output = new Option<DirectoryInfo>("--output") { Description = "Where the model, the channel config and the plot go.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "demo")) };
var board = new Option<DirectoryInfo?>("--tensorboard") { Description = "Folder of curves for TensorBoard (tensorboard --logdir DIR); none without it.", HelpName = "DIR" };
var network = new Option<string>("--network") { Description = "Network to prune: cifar-resnet20, resnet18, mobilenetv2, vgg16bn ..., '@0.5' behind a name scales its widths.", HelpName = "NAME", DefaultValueFactory = _ => "cifar-resnet20" };
var budget = new Option<double>("--flops") { Description = "Share of the network's FLOPs that the pruned one may use.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
var size = new Option<int>("--image-size") { Description = "Side in pixels to which images are resized.", HelpName = "PIXELS", DefaultValueFactory = _ => 32 };
var perClass = new Option<int>("--per-class") { Description = "Training images of a class at most.", HelpName = "N", DefaultValueFactory = _ => 1000 };
var heldOut = new Option<int>("--held-out") { Description = "Images of a class held out to measure accuracy.", HelpName = "N", DefaultValueFactory = _ => 50 };
var searchEpochs = new Option<int>("--search-epochs") { Description = "Epochs of the search.", HelpName = "N", DefaultValueFactory = _ => 10 };
var trainEpochs = new Option<int>("--train-epochs") { Description = "Epochs of each of the three trainings.", HelpName = "N", DefaultValueFactory = _ => 12 };
var batchSize = new Option<int>("--batch-size") { Description = "Images of a step.", HelpName = "N", DefaultValueFactory = _ => 64 };
var seed = new Option<int>("--seed") { Description = "Seed of everything random.", HelpName = "N", DefaultValueFactory = _ => 1 };

foreach (var (option, least) in new[] { (size, 8), (perClass, 2), (heldOut, 1), (searchEpochs, 1), (trainEpochs, 1), (batchSize, 2) })
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, out var value) && value < least)
            result.AddError($"{option.Name} is {value}; needed is {least} or more.");
    });

var command = new RootCommand("Prunes an image classifier to a budget with DMCP inside an ML.NET pipeline, and compares it with the unpruned and the uniformly narrowed network.")
{
    data, output, board, network, budget, size, perClass, heldOut, searchEpochs, trainEpochs, batchSize, seed,
};
// On a thread of its own: only then does Ctrl-C reach the cancellation token while the work goes on.
command.SetAction((parsed, cancellation) => Task.Run(() => GuardedRun.Of(new Quickstart(new Settings(
    parsed.GetValue(data)?.FullName, parsed.GetValue(output)!.FullName, parsed.GetValue(board)?.FullName, parsed.GetValue(network)!, parsed.GetValue(budget), parsed.GetValue(size), parsed.GetValue(perClass),
    parsed.GetValue(heldOut), parsed.GetValue(searchEpochs), parsed.GetValue(trainEpochs), parsed.GetValue(batchSize), parsed.GetValue(seed)), cancellation).Run), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
