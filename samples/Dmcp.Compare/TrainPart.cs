using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>The training from scratch of what a search found, alike for all methods.</summary>
internal sealed record TrainPart(SearchPart Search)
    : ComparedPart(Search.Name.Replace("search.", "train.", StringComparison.Ordinal), Search.Seed)
{
    public override Part Needs => Search;

    /// <summary>
    /// Trains; where the search found the uniform widths (it chose which filters, not how many), it is the training of the uniform network.
    /// </summary>
    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation)
    {
        var found = ChannelConfig.Load(laboratory.Folder.ConfigFile(Search, "found"));
        var unpruned = laboratory.Describe(1);
        var uniformWidths = UniformPart.ConfigOf(unpruned, Search.Budget).WidthsFor(unpruned);
        return found.WidthsFor(unpruned).SequenceEqual(uniformWidths)
            && laboratory.Folder.ResultOf<PartResult>(new UniformPart(Search.Budget, Seed)) is { } known
            ? known
            : Trained(this, found, laboratory, cancellation);
    }

    public static PartResult Trained(
        Part part, ChannelConfig config, ImageLaboratory laboratory, CancellationToken cancellation, int moreEpochs = 0)
    {
        var watch = Stopwatch.StartNew();
        var (accuracy, _) = laboratory.Train(part, config, RetrainMethod.FromScratch, cancellation, moreEpochs: moreEpochs);
        return PartResult.Of(config, accuracy, watch.Elapsed);
    }
}
