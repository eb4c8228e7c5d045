using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Transfer;

/// <summary>A search, which begins with the fine-tuned network.</summary>
/// <param name="Method">Whose widths it finds.</param>
internal sealed record SearchPart(Widths Method, BudgetShares Budget, int Seed)
    : TransferPart($"search{(Method == Widths.Dmcp ? "" : $"-{Method}")}.{Budget.Id}".ToLowerInvariant(), Seed)
{
    private const int Steps = 3;

    public override Part Needs => new TeacherPart(Seed);

    public override bool KeepsCheckpoint => true;

    public override object Run(Workshop workshop, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        ChannelSearchOptions options = Method switch
        {
            Widths.Dmcp => new DmcpSearchOptions(),
            Widths.Global => Global(steps: 1),
            _ => Global(Steps),
        };
        options.Network = workshop.Imported.Architecture;
        (options.Budget, options.WidthMultiple) = (Budget.ToBudget(workshop.Times), workshop.MultipleFor(Budget));
        options.WeightsPath = workshop.Folder.CheckpointFile(Needs);
        options.NumberOfEpochs = workshop.Settings.SearchEpochs;
        var config = workshop.Search(this, options, cancellation);
        config.Save(workshop.Folder.ConfigFile(this, "found"));
        return new PartResult
        {
            MFlops = config.Flops * 1e-6,
            MParameters = config.Parameters * 1e-6,
            Seconds = workshop.Folder.SecondsBefore(this) + watch.Elapsed.TotalSeconds,
        };
    }

    private static FilterPruningOptions Global(int steps) =>
        new() { Criterion = FilterCriterion.Taylor, Scope = PruningScope.Global, PruningSteps = steps };
}
