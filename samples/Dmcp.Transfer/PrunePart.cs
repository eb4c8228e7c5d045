using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Transfer;

/// <summary>A pruned network, trained.</summary>
internal sealed record PrunePart(Widths Widths, Start Start, BudgetShares Budget, int Seed)
    : TransferPart($"{Widths}.{Start}.{Budget.Id}".ToLowerInvariant(), Seed)
{
    private TeacherPart Teacher => new(Seed);

    private SearchPart? Search => Widths switch
    {
        Widths.Prefix or Widths.Uniform => null,
        Widths.DmcpWhole => new SearchPart(Widths.Dmcp, Budget, Seed),
        _ => new SearchPart(Widths, Budget, Seed),
    };

    /// <summary>Whose weights it begins with: those of a search that trained some.</summary>
    private Part Weights => Widths is Widths.Dmcp or Widths.GlobalSteps ? Search! : Teacher;

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
