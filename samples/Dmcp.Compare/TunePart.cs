using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>The kept channels trained on with the weights that they had in a search.</summary>
/// <param name="Weights">The search.</param>
/// <param name="IsUniform">Whether the first channels of uniform widths are kept instead of those that the search found.</param>
/// <param name="Epochs">For how long.</param>
internal sealed record TunePart(SearchPart Weights, bool IsUniform, int Epochs)
    : ComparedPart($"tune.{(IsUniform ? "uniform" : Weights.Method.Name)}.{Weights.Budget.Id}", Weights.Seed)
{
    public override Part Needs => Weights;

    public override PartResult Run(ImageLaboratory laboratory, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var config = IsUniform
            ? UniformPart.ConfigOf(laboratory.Describe(1), Weights.Budget)
            : ChannelConfig.Load(laboratory.Folder.ConfigFile(Weights, "found"));
        var (accuracy, _) = laboratory.Train(this, config, RetrainMethod.FineTuning, cancellation, Epochs, unpruned: Weights);
        return PartResult.Of(config, accuracy, watch.Elapsed);
    }
}
