using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Transfer;

/// <summary>A pruned network, trained.</summary>
/// <param name="Repeat">Which of several trainings of one network: all begin with the same weights, and differ in what is drawn.</param>
internal sealed record PrunePart(Widths Widths, Start Start, BudgetShares Budget, int Seed, int Repeat = 0)
    : TransferPart($"{Widths}.{Start}.{Budget.Id}{(Repeat == 0 ? "" : $".again{Repeat}")}".ToLowerInvariant(), Seed)
{
    // Far from the seeds of others.
    private const int BetweenRepeats = 1000;

    private TeacherPart Teacher => new(Seed);

    private SearchPart? Search => Widths switch
    {
        Widths.Prefix or Widths.Uniform => null,
        Widths.DmcpWhole => new SearchPart(Widths.Dmcp, Budget, Seed),
        _ => new SearchPart(Widths, Budget, Seed),
    };

    /// <summary>Whose weights it begins with: those of a search that trained some.</summary>
    private Part Weights => Widths is Widths.Dmcp or Widths.GlobalSteps ? Search! : Teacher;

    /// <summary>Seed of the training.</summary>
    public override int Draws => Seed + BetweenRepeats * Repeat;

    public override Part Needs => (Part?)Search ?? Teacher;

    public override object Run(Workshop workshop, CancellationToken cancellation)
    {
        var options = new PrunedRetrainOptions
        {
            Network = workshop.Imported.Architecture,
            ChannelConfig = Search is null
                ? workshop.UniformWithin(Budget)
                : ChannelConfig.Load(workshop.Folder.ConfigFile(Search, "found")),
        };
        if (Start == Start.Scratch)
        {
            options.NumberOfEpochs = workshop.Settings.ScratchEpochs;
            (options.PixelMean, options.PixelDeviation) = (workshop.Imported.PixelMean, workshop.Imported.PixelDeviation);
            return workshop.Train(this, options, cancellation);
        }
        options.Method = RetrainMethod.FineTuning;
        options.NumberOfEpochs =
            workshop.Settings.TuneEpochs + (Start == Start.Longer ? workshop.Settings.SearchEpochs : 0);
        options.WeightsPath = workshop.Folder.CheckpointFile(Weights);
        if (Start is Start.Distilled or Start.Longer)
            options.TeacherPath = workshop.Folder.CheckpointFile(Teacher);
        else
            options.DistillationWeight = 0;
        if (Widths == Widths.Prefix)
            options.SortChannels = false;
        return workshop.Train(this, options, cancellation);
    }
}
