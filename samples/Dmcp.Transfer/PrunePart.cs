using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Transfer;

/// <summary>A pruned network, trained.</summary>
internal sealed record PrunePart(Widths Widths, Start Start, double Share, int Seed)
    : TransferPart($"{Widths}.{Start}.{Percent(Share)}".ToLowerInvariant(), Seed)
{
    private TeacherPart Teacher => new(Seed);

    private SearchPart Search => new(Share, Seed);

    public override Part Needs => Widths == Widths.Dmcp ? Search : Teacher;

    public override object Run(Workshop workshop, CancellationToken cancellation)
    {
        var options = new PrunedRetrainOptions
        {
            Network = workshop.Imported.Architecture,
            ChannelConfig = Widths == Widths.Dmcp
                ? ChannelConfig.Load(workshop.Folder.ConfigFile(Search, "found"))
                : UniformScaling.Find(workshop.Unpruned, Budget.FlopsRatio(Share)),
        };
        if (Start == Start.Scratch)
        {
            options.NumberOfEpochs = workshop.Settings.ScratchEpochs;
            (options.PixelMean, options.PixelDeviation) = (workshop.Imported.PixelMean, workshop.Imported.PixelDeviation);
            return workshop.Train(this, options, cancellation);
        }
        options.Method = RetrainMethod.FineTuning;
        options.NumberOfEpochs = workshop.Settings.TuneEpochs;
        options.WeightsPath = workshop.Folder.CheckpointFile(Needs);
        if (Start == Start.Distilled)
            options.TeacherPath = workshop.Folder.CheckpointFile(Teacher);
        else
            options.DistillationWeight = 0;
        if (Widths == Widths.Prefix)
            options.SortChannels = false;
        return workshop.Train(this, options, cancellation);
    }
}
