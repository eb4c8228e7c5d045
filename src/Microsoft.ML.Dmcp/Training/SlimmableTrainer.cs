using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>
/// Trains a network and sub-networks of it, which share its weights, by the sandwich rule (Yu and Huang 2019): the widest learns from the
/// labels, the narrowest and random ones between the two learn from the widest.
/// </summary>
internal class SlimmableTrainer : TrainingRun
{
    private readonly Func<long, IReadOnlyList<int[]>> _drawSubNetworks;
    private readonly SandwichStep _step;
    private readonly TrainingPhase _phase;

    /// <param name="network">The network; trained in place.</param>
    /// <param name="options">How long and how fast.</param>
    /// <param name="images">The images, whose classes may have weights.</param>
    /// <param name="drawSubNetworks">Widths of the sub-networks of an iteration.</param>
    /// <param name="distillation">How they learn from the widest.</param>
    /// <param name="phase">What the training is for.</param>
    public SlimmableTrainer(
        SlimmableNetwork network, TrainingOptions options, ImageBatches images,
        Func<long, IReadOnlyList<int[]>> drawSubNetworks, Distillation? distillation, TrainingPhase phase)
        : base(network, RunningMeans.OfTraining(network.Device))
    {
        _drawSubNetworks = drawSubNetworks;
        _phase = phase;
        var iterations = images.Plan.Iterations(options.NumberOfEpochs);
        var optimizer = OwnState(new WeightOptimizer(network, options, iterations, images.Ranks));
        var loss = Own(new ClassificationLoss(options, images.Set, network.Device, images.Ranks));
        _step = new SandwichStep(network, optimizer, distillation, loss, Means, images.Ranks);
    }

    public override FrozenTeacher? Teacher
    {
        set => _step.Teacher = value;
    }

    public override TrainingPhase PhaseOf(long iteration) => _phase;

    public override double Step(ImageBatch batch, long iteration) => _step.Run(batch, _drawSubNetworks(iteration), iteration);
}
