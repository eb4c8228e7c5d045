using System.Diagnostics;
using Microsoft.ML.Dmcp.Channels;

namespace Dmcp.Experiments;

/// <summary>The training of a network that a search found, and its accuracy on the held-out images.</summary>
/// <param name="Search">The search.</param>
/// <param name="Structure">Which of its structures: <c>es</c>, <c>ds1</c>, <c>ds2</c> …</param>
internal sealed record TrainUnit(SearchUnit Search, string Structure) : Unit($"train.{Search.Variant.Name}.{Structure}", Search.Seed)
{
    public override Unit Needs => Search;

    public override UnitResult Run(Laboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var file = laboratory.ConfigFile(Search, Structure);
        if (!File.Exists(file))
            return new UnitResult { Note = "direct sampling did not find so many structures in the budget" };
        var config = ChannelConfig.Load(file);
        var accuracy = laboratory.Train(this, config, cancellation);
        return new UnitResult { Accuracy = accuracy, MFlops = config.Flops / 1e6, Seconds = watch.Elapsed.TotalSeconds };
    }
}
