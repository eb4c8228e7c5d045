using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>
/// Trains a pruned network on the labels and on the probabilities of the unpruned one (knowledge distillation, Hinton et al. 2015):
/// (1 − w) · cross entropy of the labels + w · T² · cross entropy of the teacher's probabilities, both sides' logits divided by T.
/// </summary>
/// <param name="network">The pruned network; trained in place.</param>
/// <param name="teacher">The unpruned network; stays the caller's.</param>
/// <param name="plan">Weight and temperature.</param>
/// <param name="options">How long and how fast.</param>
/// <param name="images">The images, whose classes may have weights.</param>
internal sealed class DistilledTrainer(
    SlimmableNetwork network, FrozenTeacher teacher, RetrainPlan plan, TrainingOptions options, ImageBatches images)
    : NetworkTrainer(network, options, images, TrainingPhase.Retrain)
{
    private readonly double _weight = plan.DistillationWeight ?? 0;
    private readonly double _temperature = plan.DistillationTemperature;

    protected override Tensor LossOf(ImageBatch batch, Tensor scores, Tensor labelLoss)
    {
        var distillation = Losses.Distillation(scores, teacher.Probabilities(batch.Images, _temperature), _temperature);
        return Losses.Weighted(labelLoss, distillation, _weight);
    }
}
