using System.CommandLine;
using Dmcp.Samples.Shared;
using Dmcp.Transfer;

var data = new Option<DirectoryInfo?>("--data")
{
    Description = "Folder of images, one folder a class: DIR/class/*.jpg|png. Without it, drawn shapes.",
    HelpName = "DIR",
};
var onnx = new Option<FileInfo?>("--onnx")
{
    Description = "The pre-trained network. Without it, the ResNet-18 of Microsoft.ML.DnnImageFeaturizer.ResNet18 (ImageNet).",
    HelpName = "FILE",
};
var output = new Option<DirectoryInfo>("--output")
{
    Description = "Where results, channel configs, ONNX files and the report go; what is there already is not done again.",
    HelpName = "DIR",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("artifacts", "transfer")),
};
var heldOut = new Option<double>("--held-out-share")
{
    Description = "Share of the images of every class held out to measure accuracy.",
    HelpName = "SHARE",
    DefaultValueFactory = _ => 0.5,
};
heldOut.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (> 0 and < 1))
        result.AddError("--held-out-share must be a number between 0 and 1.");
});
var size = LaboratoryOptions.Least("--image-size", "Side in pixels to which images are resized.", 96, 32);
var teacherEpochs = LaboratoryOptions.Least("--teacher-epochs", "Epochs of the fine-tuning of the unpruned network.", 5, 1);
var searchEpochs = LaboratoryOptions.Least("--search-epochs", "Epochs of each search.", 6, 2);
var tuneEpochs = LaboratoryOptions.Least("--tune-epochs", "Epochs of the fine-tuning of a pruned network.", 6, 1);
var scratchEpochs = LaboratoryOptions.Least("--scratch-epochs", "Epochs of a training from scratch.", 12, 1);
var batchSize = LaboratoryOptions.Least("--batch-size", "Images of a step.", 32, 2);
var budgets = BudgetShares.Option(hasLatency: true, 0.25);
var widths = Many("--widths", "How the widths are chosen.", "NAME", Widths.Dmcp);
var starts = Many("--starts", "What the training of a pruned network begins with.", "NAME", Start.Distilled);
var seeds = Many("--seeds", "Seeds: everything is done with each.", "N", 1);
var repeats = LaboratoryOptions.Least(
    "--repeats", "Trainings of every pruned network: the report says how much those that begin with the same weights differ.", 1, 1);
var threads = new Option<int?>("--threads") { Description = "Threads of libtorch; all processors when not given.", HelpName = "N" };
var minutes = new Option<double?>("--time-limit")
{
    Description = "Minutes after which to stop; run again to go on.",
    HelpName = "MINUTES",
};
var reportOnly = new Option<bool>("--report-only") { Description = "Only write the report of what is there." };

var command = new RootCommand(
    "Takes a pre-trained network to new images, prunes it, trains it on, and writes ONNX files. The defaults do it once; " +
        "for the whole comparison: --budgets 0.5 0.25 --widths prefix uniform dmcp --starts scratch tuned distilled --seeds 1 2 3")
{
    data, onnx, output, heldOut, size, teacherEpochs, searchEpochs, tuneEpochs, scratchEpochs, batchSize, budgets, widths, starts, seeds,
    repeats, threads, minutes, reportOnly,
};
// On a thread of its own: only then does Ctrl-C reach the cancellation token while the work runs.
command.SetAction((parsed, cancellation) => Task.Run(() => GuardedRun.Of(() =>
{
    var settings = new TransferSettings
    {
        Data = parsed.GetValue(data)?.FullName,
        Onnx = parsed.GetValue(onnx)?.FullName,
        HeldOutShare = parsed.GetValue(heldOut),
        ImageSize = parsed.GetValue(size),
        TeacherEpochs = parsed.GetValue(teacherEpochs),
        SearchEpochs = parsed.GetValue(searchEpochs),
        TuneEpochs = parsed.GetValue(tuneEpochs),
        ScratchEpochs = parsed.GetValue(scratchEpochs),
        BatchSize = parsed.GetValue(batchSize),
        Threads = parsed.GetValue(threads),
    };
    var folder = new PartFolder(parsed.GetValue(output)!.FullName, settings);
    var workshop = new Workshop(settings, folder);
    var experiment = new Experiment(
        workshop, parsed.GetValue(budgets)!, parsed.GetValue(widths)!, parsed.GetValue(starts)!, parsed.GetValue(seeds)!,
        parsed.GetValue(repeats));
    var schedule = new PartSchedule(folder, (part, token) => ((TransferPart)part).Run(workshop, token));
    TimeSpan? limit = parsed.GetValue(reportOnly) ? TimeSpan.Zero
        : parsed.GetValue(minutes) is { } m ? TimeSpan.FromMinutes(m) : null;
    try
    {
        schedule.Run(experiment.Parts, limit, cancellation);
        if (experiment.Parts.All(folder.IsDone))
            schedule.Run([experiment.Latency], limit, cancellation);
    }
    finally
    {
        var report = Path.Combine(folder.Path, "report.md");
        WholeFile.Write(report, experiment.Report());
        Console.WriteLine($"Report: {report}; networks for ONNX Runtime: {Path.Combine(folder.Path, "checkpoints", "*.onnx")}");
    }
}), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });

static Option<T[]> Many<T>(string name, string description, string help, params T[] usual) => new(name)
{
    Description = description,
    HelpName = help,
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => usual,
};
