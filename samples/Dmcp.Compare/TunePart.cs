using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Training;

namespace Dmcp.Compare;

/// <summary>The kept channels trained on with the weights that they had: those of the search, or of the unpruned network for uniform widths.</summary>
internal sealed record TunePart(ComparedPart Weights, string Method, double Share, int Epochs) : ComparedPart($"tune.{Method}.{Percent(Share)}", Weights.Seed)
{
    /// <summary>What a search found, with the search's weights.</summary>
    public TunePart(SearchPart search, int epochs)
        : this(search, search.Method.Name, search.Share, epochs)
    {
    }

    /// <summary>Uniform widths, with the first channels of the unpruned network.</summary>
    public TunePart(UniformPart unpruned, double share, int epochs)
        : this(unpruned, "uniform", share, epochs)
    {
    }

    public override Part Needs => Weights;

    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var config = Weights is SearchPart ? ChannelConfig.Load(laboratory.Folder.ConfigFile(Weights, "found")) : UniformPart.ConfigOf(laboratory.Describe(1), Share);
        var (accuracy, _) = laboratory.Train(this, config, RetrainMethod.FineTuning, cancellation, Epochs, Weights);
        return new PartResult { Accuracy = accuracy, MFlops = config.Flops / 1e6, Seconds = watch.Elapsed.TotalSeconds };
    }
}
