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
/// <param name="teacher">The unpruned network, its statistics ready for evaluation; stays as it is.</param>
/// <param name="plan">Weight and temperature.</param>
/// <param name="options">How long and how fast.</param>
/// <param name="images">The images, whose classes may have weights.</param>
internal sealed class DistilledTrainer(
    SlimmableNetwork network, SlimmableNetwork teacher, RetrainPlan plan, TrainingOptions options, ImageBatches images)
    : NetworkTrainer(network, options, images, TrainingPhase.Retrain)
{
    private readonly double _weight = plan.DistillationWeight ?? 0;
    private readonly double _temperature = plan.DistillationTemperature;

    protected override Tensor LossOf(ImageBatch batch, Tensor scores, Tensor labelLoss)
    {
        Tensor probabilities;
        using (no_grad())
            probabilities = teacher.Run(batch.Images, new NetworkPass(NormStatistics.Running)).DividedBy(_temperature).softmax(1);
        var distillation = Losses.Distillation(scores, probabilities, _temperature);
        return labelLoss.Times(1 - _weight).Plus(distillation.Times(_weight));
    }
}
