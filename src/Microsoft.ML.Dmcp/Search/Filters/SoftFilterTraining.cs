using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>Trains the unpruned network, and sets the least important filters to zero after every epoch (SFP).</summary>
/// <param name="network">The unpruned network; trained in place.</param>
/// <param name="options">How long and how fast.</param>
/// <param name="images">What is learned from.</param>
/// <param name="choose">The channels that are kept, as the weights stand.</param>
internal sealed class SoftFilterTraining(SlimmableNetwork network, TrainingOptions options, ImageBatches images, Func<int[][]> choose)
    : NetworkTrainer(network, options, images, TrainingPhase.Train)
{
    private readonly int _batches = images.Plan.Batches;
    private readonly long _iterations = images.Plan.Iterations(options.NumberOfEpochs);

    public override double Step(ImageBatch batch, long iteration)
    {
        var rate = base.Step(batch, iteration);
        if ((iteration + 1) % _batches == 0)
            ZeroChannels.Set(Network, choose(), forGood: iteration + 1 == _iterations);
        return rate;
    }
}
