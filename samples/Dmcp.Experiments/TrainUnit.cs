using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>The training of a network that a search found, and its accuracy on the held-out images.</summary>
/// <param name="Search">The search.</param>
/// <param name="Structure">Which of its structures: <c>es</c>, <c>ds1</c>, <c>ds2</c> …</param>
/// <param name="Method">From scratch, or slimmable for DMCP* of Table 6.</param>
internal sealed record TrainUnit(SearchUnit Search, string Structure, RetrainMethod Method = RetrainMethod.FromScratch)
    : Unit($"train.{Search.Variant.Name}.{Structure}{(Method == RetrainMethod.FromScratch ? "" : "." + Method)}", Search.Seed)
{
    public override Part Needs => Search;

    public override UnitResult Run(Laboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var file = laboratory.Folder.ConfigFile(Search, Structure);
        if (!File.Exists(file))
            return new UnitResult { Note = "direct sampling did not find so many structures in the budget" };
        var config = ChannelConfig.Load(file);
        var (accuracy, training) = laboratory.Images.Train(this, config, Method, cancellation);
        return new UnitResult
        {
            Accuracy = accuracy,
            TrainingAccuracy = training,
            MFlops = config.Flops / 1e6,
            Seconds = watch.Elapsed.TotalSeconds,
        };
    }
}
