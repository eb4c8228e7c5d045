using Microsoft.ML.Dmcp.Runs;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Training.Optimization;

/// <summary>The losses of the weights.</summary>
internal static class Losses
{
    /// <summary>Mean cross entropy with the labels (Eq. 14).</summary>
    /// <param name="scores">Logits, [N, classes].</param>
    /// <param name="labels">Classes, [N].</param>
    /// <param name="smoothing">Share of the label's probability spread over all classes.</param>
    /// <param name="weights">Weight of every class, [classes]; null for equal ones.</param>
    public static Tensor CrossEntropy(Tensor scores, Tensor labels, double smoothing = 0, Tensor? weights = null) =>
        nn.functional.cross_entropy(scores, labels, weights, -100, nn.Reduction.Mean, smoothing);

    /// <summary>
    /// In-place distillation: T² times the mean cross entropy with the teacher's probabilities. It differs from the KL divergence of the
    /// release by the teacher's entropy, which has no gradient.
    /// </summary>
    /// <param name="scores">The student's logits, [N, classes].</param>
    /// <param name="teacher">The teacher's probabilities at the temperature, [N, classes], detached.</param>
    /// <param name="temperature">T, by which the student's logits are divided.</param>
    public static Tensor Distillation(Tensor scores, Tensor teacher, double temperature = 1) =>
        scores.DividedBy(temperature).log_softmax(1).mul(teacher).sum(1).mean().Times(-temperature * temperature);

    /// <summary>Knowledge distillation (Hinton et al. 2015): (1 − w) · the loss of the labels + w · that of the teacher.</summary>
    /// <param name="labels">The loss of the labels, a scalar.</param>
    /// <param name="teacher">The loss of the teacher, a scalar.</param>
    /// <param name="weight">w.</param>
    public static Tensor Weighted(Tensor labels, Tensor teacher, double weight) => labels.Times(1 - weight).Plus(teacher.Times(weight));
}
