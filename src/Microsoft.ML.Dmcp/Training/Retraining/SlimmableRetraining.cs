using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training.Retraining;

/// <summary>
/// The slimmable retraining (DMCP* of Table 6, after AutoSlim): the pruned network is the narrowest of a sandwich that shares the weights
/// of the unpruned one and learns from its probabilities, with random networks between the two.
/// </summary>
internal sealed class SlimmableRetraining : SlimmableTrainer
{
    private readonly int[] _pruned;
    private readonly Action _calibrate;

    /// <param name="network">The unpruned network; trained in place.</param>
    /// <param name="plan">The pruned network.</param>
    /// <param name="options">How long and how fast.</param>
    /// <param name="images">The images.</param>
    /// <param name="random">Draws the widths, and the images to calibrate on.</param>
    /// <param name="log">Of the run, which may be cancelled in a calibration.</param>
    public SlimmableRetraining(
        SlimmableNetwork network, RetrainPlan plan, TrainingOptions options, ImageBatches images, RandomSource random, RunLog log)
        : base(network, options, images, _ => Draw(plan, random), Distillation.Plain, TrainingPhase.Retrain)
    {
        _pruned = plan.Widths;
        _calibrate = () => NormCalibration.Run(network, plan.Widths, images, options.CalibrationBatches, random, log);
    }

    public override IReadOnlyList<int> EvaluatedWidths => _pruned;

    public override void PrepareEvaluation() => _calibrate();

    private static int[][] Draw(RetrainPlan plan, RandomSource random) =>
        [plan.Widths, .. Enumerable.Range(0, plan.RandomSubNetworks).Select(_ => Between(plan, random))];

    private static int[] Between(RetrainPlan plan, RandomSource random) =>
        plan.Widths.Select((width, g) => width + random.NextInt32(plan.Unpruned.FullWidths[g] - width + 1)).ToArray();
}
