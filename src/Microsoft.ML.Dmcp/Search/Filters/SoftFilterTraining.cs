using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using static TorchSharp.torch;

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
            SetToZero(choose(), forGood: iteration + 1 == _iterations);
        return rate;
    }

    /// <summary>
    /// Takes the filters of all channels that are not kept out of what the network computes: sets the scale γ of the batch norms behind
    /// them to 0, and the filters themselves only where there is none. Behind a batch norm a filter of zeros gives the same values, but its
    /// gradient is some 300 times (1/√ε) as long as any other's, and it grows past all that was learned in one step.
    /// </summary>
    /// <param name="kept">The channels that are kept.</param>
    /// <param name="forGood">Whether the shifts β go too, which a pruned network does not have.</param>
    private void SetToZero(int[][] kept, bool forGood)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var description = Network.Description;
        var (weights, ungated) = (Network.state_dict(), GatePlacement.UngatedOutputs(description));
        for (var i = 1; i < description.Layers.Count; i++)
        {
            var layer = description.Layers[i];
            var isNorm = layer is BatchNormLayer;
            if (!isNorm && !(layer is ConvLayer or LinearLayer && ungated[i]))
                continue;
            var flags = new float[description.Shapes[i].Channels];
            foreach (var channel in description.Shapes[i].IndicesOf(kept))
                flags[channel] = 1;
            var mask = tensor(flags).to(Network.Device);
            foreach (var name in isNorm && !forGood ? (string[])["weight"] : ["weight", "bias"])
                if (weights.TryGetValue($"{layer.Name}.{name}", out var weight))
                    weight.mul_(mask.view([mask.shape[0], .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]));
        }
    }
}
