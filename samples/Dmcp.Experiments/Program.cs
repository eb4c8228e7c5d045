using System.CommandLine;
using System.Globalization;
using Dmcp.Experiments;
using Dmcp.Samples.Shared;

var data = new Option<DirectoryInfo?>("--data") { Description = "Folder of images, one folder a class: DIR/class/*.jpg|png. Without it, drawn shapes.", HelpName = "DIR" };
var output = new Option<DirectoryInfo>("--output") { Description = "Where results, channel configs, plots and the report go; what is there already is not done again.", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "experiments")) };
var network = new Option<string>("--network") { Description = "Network to prune, such as cifar-resnet20, cifar-mobilenetv2, resnet18@0.5.", HelpName = "NAME", DefaultValueFactory = _ => "cifar-resnet20" };
var share = new Option<double>("--flops") { Description = "Share of the network's FLOPs that the pruned one may use.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
var smallShare = new Option<double>("--small-flops") { Description = "The second, smaller share of Tables 2 and 6.", HelpName = "SHARE", DefaultValueFactory = _ => 0.25 };
var size = new Option<int>("--image-size") { Description = "Side in pixels to which images are resized.", HelpName = "PIXELS", DefaultValueFactory = _ => 32 };
var perClass = new Option<int>("--per-class") { Description = "Training images of a class at most.", HelpName = "N", DefaultValueFactory = _ => 200 };
var heldOut = new Option<int>("--held-out") { Description = "Images of a class held out to measure accuracy.", HelpName = "N", DefaultValueFactory = _ => 100 };
var searchEpochs = new Option<int>("--search-epochs") { Description = "Epochs of each search.", HelpName = "N", DefaultValueFactory = _ => 10 };
var trainEpochs = new Option<int>("--train-epochs") { Description = "Epochs of each training.", HelpName = "N", DefaultValueFactory = _ => 12 };
var batchSize = new Option<int>("--batch-size") { Description = "Images of a step.", HelpName = "N", DefaultValueFactory = _ => 64 };
var directSamples = new Option<int>("--direct-samples") { Description = "Structures by direct sampling that Table 1 trains.", HelpName = "N", DefaultValueFactory = _ => 5 };
var moreDirectSamples = new Option<int>("--more-direct-samples") { Description = "Structures by direct sampling that each row of Tables 2 and 3 trains.", HelpName = "N", DefaultValueFactory = _ => 5 };
var seeds = new Option<int[]>("--seeds") { Description = "Seeds: every search and training is done with each.", HelpName = "N", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 2, 3] };
var threads = new Option<int?>("--threads") { Description = "Threads of libtorch; all processors when not given. Several processes of one thread on one --output share the work and are faster in all.", HelpName = "N" };
var only = new Option<string[]>("--only") { Description = "Only the parts whose names begin so, such as search.dmcp train.uniform recoverability; all when not given.", HelpName = "PREFIX", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [""] };
var timeLimit = new Option<double?>("--time-limit") { Description = "Minutes after which to stop; run again to go on.", HelpName = "MINUTES" };
var reportOnly = new Option<bool>("--report-only") { Description = "Only write the report of what is there." };

foreach (var (option, least) in new[] { (size, 8), (perClass, 2), (heldOut, 1), (searchEpochs, 2), (trainEpochs, 1), (batchSize, 2), (directSamples, 0), (moreDirectSamples, 0) })
    option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && value < least)
            result.AddError($"{option.Name} is {value}; needed is {least} or more.");
    });

var command = new RootCommand("Repeats the experiments of the DMCP paper (Tables 1 to 6, Figures 4 and 5) small, on any image folder, and writes one report. Can be stopped at any time and run again.")
{
    data, output, network, share, smallShare, size, perClass, heldOut, searchEpochs, trainEpochs, batchSize, directSamples, moreDirectSamples, seeds, threads, only, timeLimit, reportOnly,
};
// On a thread of its own: only then does Ctrl-C reach the cancellation token while the work goes on.
command.SetAction((parsed, cancellation) => Task.Run(() => GuardedRun.Of(() =>
{
    var settings = new Settings
    {
        Data = parsed.GetValue(data)?.FullName,
        Network = parsed.GetValue(network)!,
        FlopsShare = parsed.GetValue(share),
        SmallFlopsShare = parsed.GetValue(smallShare),
        ImageSize = parsed.GetValue(size),
        PerClass = parsed.GetValue(perClass),
        HeldOut = parsed.GetValue(heldOut),
        SearchEpochs = parsed.GetValue(searchEpochs),
        TrainEpochs = parsed.GetValue(trainEpochs),
        BatchSize = parsed.GetValue(batchSize),
        DirectSamples = parsed.GetValue(directSamples),
        MoreDirectSamples = parsed.GetValue(moreDirectSamples),
        Threads = parsed.GetValue(threads),
    };
    var laboratory = new Laboratory(settings, parsed.GetValue(output)!.FullName);
    var plan = new Plan(settings, parsed.GetValue(seeds)!.Distinct().ToArray());
    Experiments.Run(plan, laboratory, parsed.GetValue(only)!, parsed.GetValue(reportOnly) ? TimeSpan.Zero : parsed.GetValue(timeLimit) is { } minutes ? TimeSpan.FromMinutes(minutes) : null, cancellation);
}), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
