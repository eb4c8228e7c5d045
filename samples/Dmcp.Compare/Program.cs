using System.CommandLine;
using Dmcp.Compare;
using Dmcp.Samples.Shared;

var common = new LaboratoryOptions("compare");
var methodNames = Method.All.Select(m => m.Name).ToArray();
var budgets = BudgetShares.Option(hasLatency: false, 0.5, 0.25);
var methods = new Option<string[]>("--methods")
{
    Description = $"Methods: {string.Join(", ", methodNames)}; all when not given. The uniform network is always there.",
    HelpName = "NAME",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => methodNames,
};
var tuneEpochs = LaboratoryOptions.Least(
    "--tune-epochs", "Epochs of each training that starts with the weights of the search; 0 for none.", 6, 0);
methods.AcceptOnlyFromAmong(methodNames);

var command = new RootCommand(
    "Compares all search methods at equal budgets with equal retraining on one set of images: "
        + "tables, and accuracy against MFLOPs and parameters as plots. Can be stopped at any time and run again.")
{
    budgets, methods, tuneEpochs,
};
common.AddTo(command);
// On a thread of its own: only then does Ctrl-C reach the cancellation token while the work runs.
command.SetAction((parsed, cancellation) => Task.Run(() => GuardedRun.Of(() =>
{
    var settings = new CompareSettings(common.Settings(parsed))
    {
        Budgets = parsed.GetValue(budgets)!,
        TuneEpochs = parsed.GetValue(tuneEpochs),
    };
    var folder = new PartFolder(common.Output(parsed), settings);
    var laboratory = new ImageLaboratory(settings, folder);
    var comparison = new Comparison(settings, parsed.GetValue(methods)!, common.Seeds(parsed), laboratory);
    var schedule = new PartSchedule(folder, (part, token) => ((ComparedPart)part).Run(laboratory, token));
    try
    {
        schedule.Run(comparison.Parts, common.TimeLimit(parsed), cancellation);
    }
    finally
    {
        var report = Path.Combine(folder.Path, "report.md");
        WholeFile.Write(report, comparison.Report());
        Console.WriteLine($"{comparison.Parts.Count(folder.IsDone)} of {comparison.Parts.Count} parts are done; report: {report}");
    }
}), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
