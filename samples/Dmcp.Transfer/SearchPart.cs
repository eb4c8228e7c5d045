using System.Diagnostics;
using Microsoft.ML.Dmcp;
using Dmcp.Samples.Shared;

namespace Dmcp.Transfer;

/// <summary>DMCP's search, which begins with the fine-tuned network and learns from it.</summary>
internal sealed record SearchPart(double Share, int Seed) : TransferPart($"search.{Percent(Share)}", Seed)
{
    public override Part Needs => new TeacherPart(Seed);

    public override bool KeepsCheckpoint => true;

    public override object Run(Workshop workshop, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var config = workshop.Search(this, new DmcpSearchOptions
        {
            Network = workshop.Imported.Architecture,
            Budget = Budget.FlopsRatio(Share),
            WeightsPath = workshop.Folder.CheckpointFile(Needs),
            NumberOfEpochs = workshop.Settings.SearchEpochs,
        }, cancellation);
        config.Save(workshop.Folder.ConfigFile(this, "found"));
        return new PartResult
        {
            MFlops = config.Flops * 1e-6,
            MParameters = config.Parameters * 1e-6,
            Seconds = workshop.Folder.SecondsBefore(this) + watch.Elapsed.TotalSeconds,
        };
    }
}
