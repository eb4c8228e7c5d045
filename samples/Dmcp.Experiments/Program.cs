using System.CommandLine;
using Dmcp.Experiments;
using Dmcp.Samples.Shared;

var common = new LaboratoryOptions("experiments");
var share = new Option<double>("--flops")
{
    Description = "Share of the network's FLOPs that the pruned one may use.",
    HelpName = "SHARE",
    DefaultValueFactory = _ => 0.5,
};
var smallShare = new Option<double>("--small-flops")
{
    Description = "The second, smaller share of Tables 2 and 6.",
    HelpName = "SHARE",
    DefaultValueFactory = _ => 0.25,
};
var directSamples = LaboratoryOptions.Least("--direct-samples", "Structures by direct sampling that Table 1 trains.", 5, 0);
var moreDirectSamples = LaboratoryOptions.Least(
    "--more-direct-samples", "Structures by direct sampling that each row of Tables 2 and 3 trains.", 5, 0);
var only = new Option<string[]>("--only")
{
    Description = "Only the parts whose names begin so, such as search.dmcp train.uniform recoverability; all when not given.",
    HelpName = "PREFIX",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [""],
};

var command = new RootCommand(
    "Repeats the experiments of the DMCP paper (Tables 1 to 6, Figures 4 and 5) small, on any image folder, "
        + "and writes one report. Can be stopped at any time and run again.")
{
    share, smallShare, directSamples, moreDirectSamples, only,
};
common.AddTo(command);
// On a thread of its own: only then does Ctrl-C reach the cancellation token while the work runs.
command.SetAction((parsed, cancellation) => Task.Run(() => GuardedRun.Of(() =>
{
    var settings = new Settings(common.Settings(parsed))
    {
        FlopsShare = parsed.GetValue(share),
        SmallFlopsShare = parsed.GetValue(smallShare),
        DirectSamples = parsed.GetValue(directSamples),
        MoreDirectSamples = parsed.GetValue(moreDirectSamples),
    };
    var folder = new PartFolder(common.Output(parsed), settings);
    var laboratory = new Laboratory(settings, new ImageLaboratory(settings, folder));
    var plan = new Plan(settings, common.Seeds(parsed));
    var prefixes = parsed.GetValue(only)!;
    var wanted = plan.Units.Where(u => prefixes.Any(prefix => u.Id.StartsWith(prefix, StringComparison.Ordinal)));
    var schedule = new PartSchedule(folder, (part, token) => ((Unit)part).Run(laboratory, token));
    try
    {
        schedule.Run(wanted, common.TimeLimit(parsed), cancellation);
    }
    finally
    {
        var report = Path.Combine(folder.Path, "report.md");
        WholeFile.Write(report, new Report(plan, laboratory).ToMarkdown());
        Console.WriteLine($"{plan.Units.Count(folder.IsDone)} of {plan.Units.Count} parts are done; report: {report}");
    }
}), CancellationToken.None));
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
