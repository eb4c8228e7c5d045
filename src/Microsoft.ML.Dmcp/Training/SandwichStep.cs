using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>
/// One step of slimmable training (3.2, stage 1): gradients of the widest network and of sub-networks on one batch, summed. With in-place
/// distillation only the widest sees labels, and the others match its probabilities.
/// </summary>
/// <param name="network">The shared weights.</param>
/// <param name="optimizer">Steps them.</param>
/// <param name="distillation">How sub-networks learn from the widest; null when they learn from the labels.</param>
/// <param name="labelLoss">The loss of the labels.</param>
/// <param name="means">Gets loss and accuracy of the widest.</param>
internal sealed class SandwichStep(
    SlimmableNetwork network, WeightOptimizer optimizer, Distillation? distillation, ClassificationLoss labelLoss, RunningMeans means)
{
    /// <summary>Learns from a batch; gives the learning rate.</summary>
    /// <param name="batch">Images and labels.</param>
    /// <param name="subNetworks">Widths of the sub-networks.</param>
    /// <param name="iteration">From 0.</param>
    public double Run(ImageBatch batch, IReadOnlyList<int[]> subNetworks, long iteration)
    {
        Tensor? teacher = null;
        using (var scope = NewDisposeScope())
        {
            var scores = network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Dropout: true));
            var loss = labelLoss.Of(scores, batch.Labels);
            loss.backward();
            means.Add(Mean.Loss, loss, 1);
            means.Add(Mean.Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
            if (distillation is not null)
                teacher = scores.detach().DividedBy(distillation.Temperature).softmax(1).MoveToOuterDisposeScope();
        }
        foreach (var widths in subNetworks)
        {
            using var scope = NewDisposeScope();
            var slices = new WeightSlices();
            var scores = network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, widths, Dropout: true, Slices: slices));
            SubNetworkLoss(scores, batch.Labels, teacher).backward();
            slices.AddGradients();
        }
        return optimizer.Step(iteration);
    }

    private Tensor SubNetworkLoss(Tensor scores, Tensor labels, Tensor? teacher)
    {
        if (teacher is null || distillation is null)
            return labelLoss.Of(scores, labels);
        var loss = Losses.Distillation(scores, teacher, distillation.Temperature).Times(distillation.Weight);
        return distillation.HardLabel ? loss.Plus(labelLoss.Of(scores, labels)) : loss;
    }
}
