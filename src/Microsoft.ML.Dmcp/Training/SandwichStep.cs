using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
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
/// <param name="distillation">How sub-networks learn from a teacher; null when they learn from the labels.</param>
/// <param name="labelLoss">The loss of the labels.</param>
/// <param name="means">Gets loss and accuracy of the widest.</param>
/// <param name="ranks">The processes that share every batch; null for one process.</param>
internal sealed class SandwichStep(
    SlimmableNetwork network, WeightOptimizer optimizer, Distillation? distillation, ClassificationLoss labelLoss, RunningMeans means,
    Ranks? ranks = null)
{
    /// <summary>The teacher that all learn from, the widest too; null when the widest teaches the others (in-place distillation).</summary>
    public FrozenTeacher? Teacher { get; set; }

    /// <summary>Learns from a batch; gives the learning rate.</summary>
    /// <param name="batch">Images and labels.</param>
    /// <param name="subNetworks">Widths of the sub-networks.</param>
    /// <param name="iteration">From 0.</param>
    /// <param name="taught">What <see cref="Taught"/> gives for the batch, where the caller needs it too.</param>
    public double Run(ImageBatch batch, IReadOnlyList<int[]> subNetworks, long iteration, Tensor? taught = null)
    {
        var probabilities = taught ?? Taught(batch);
        // A fresh classifier has nothing to teach yet.
        if (optimizer.TrainsClassifierAlone(iteration))
            subNetworks = [];
        using (var scope = NewDisposeScope())
        {
            var slices = subNetworks.Count == 0 ? optimizer.SlicesOfLastPass() : null;
            var scores = network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Dropout: true, Slices: slices, Ranks: ranks));
            var loss = labelLoss.Of(scores, batch.Labels);
            (probabilities is null ? loss : TeacherLoss(scores, probabilities)).backward();
            means.Add(Mean.Loss, loss, 1);
            means.Add(Mean.Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
            if (distillation is not null)
                probabilities ??= scores.detach().DividedBy(distillation.Temperature).softmax(1).MoveToOuterDisposeScope();
        }
        for (var i = 0; i < subNetworks.Count; i++)
        {
            using var scope = NewDisposeScope();
            var slices = (i == subNetworks.Count - 1 ? optimizer.SlicesOfLastPass() : null) ?? new WeightSlices();
            var pass = new NetworkPass(NormStatistics.Batch, subNetworks[i], Dropout: true, Slices: slices, Ranks: ranks);
            var scores = network.Run(batch.Images, pass);
            SubNetworkLoss(scores, batch.Labels, probabilities).backward();
            slices.AddGradients();
        }
        return optimizer.Step(iteration);
    }

    /// <summary>The teacher's probabilities of a batch, [N, classes]; null where there is no teacher.</summary>
    public Tensor? Taught(ImageBatch batch) => distillation is null ? null : Teacher?.Probabilities(batch.Images, distillation.Temperature);

    /// <summary>The loss of a teacher's probabilities, a scalar.</summary>
    public Tensor TeacherLoss(Tensor scores, Tensor probabilities) =>
        Losses.Distillation(scores, probabilities, distillation!.Temperature);

    private Tensor SubNetworkLoss(Tensor scores, Tensor labels, Tensor? probabilities)
    {
        if (probabilities is null || distillation is null)
            return labelLoss.Of(scores, labels);
        var loss = TeacherLoss(scores, probabilities).Times(distillation.Weight);
        return distillation.HardLabel ? loss.Plus(labelLoss.Of(scores, labels)) : loss;
    }
}
