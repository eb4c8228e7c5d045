using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Training;

/// <summary>
/// The slimmable retraining (DMCP* of Table 6, after AutoSlim): the pruned network is the narrowest of a sandwich that shares the weights of
/// the unpruned one and learns from its probabilities, with random networks between the two.
/// </summary>
internal sealed class SlimmableTrainer : TrainingRun
{
    private readonly int[] _pruned;
    private readonly int _randomSubNetworks;
    private readonly RandomSource _random;
    private readonly ClassificationLoss _loss;
    private readonly WeightOptimizer _optimizer;
    private readonly Action<Action> _calibrate;
    private readonly SandwichStep _step;

    /// <param name="network">The unpruned network; trained in place.</param>
    /// <param name="pruned">Widths of the pruned network.</param>
    /// <param name="randomSubNetworks">Random networks between the pruned and the unpruned one in every iteration.</param>
    /// <param name="options">How fast.</param>
    /// <param name="iterations">Iterations of the whole run.</param>
    /// <param name="random">Draws the widths.</param>
    /// <param name="set">The images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    public SlimmableTrainer(SlimmableNetwork network, int[] pruned, int randomSubNetworks, TrainingOptions options, long iterations, RandomSource random, ImageSet set, BatchSource batches)
    {
        (Network, _pruned, _randomSubNetworks, _random) = (network, pruned, randomSubNetworks, random);
        _optimizer = new WeightOptimizer(network, options.LearningRate, options.Momentum, options.WeightDecay, iterations);
        Means = new RunningMean(MeansOfTraining, network.Device);
        _loss = options.LossOn(set, network.Device);
        _calibrate = whileRunning => NormCalibration.Run(network, pruned, set, batches, options.BatchSize, options.CalibrationBatches, random, whileRunning);
        _step = new SandwichStep(network, _optimizer, new Distillation(1, 1, HardLabel: false), _loss, Means);
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means { get; }

    public override IReadOnlyList<int> EvaluatedWidths => _pruned;

    public override TrainingPhase PhaseOf(long iteration) => TrainingPhase.Retrain;

    public override double Step(ImageBatch batch, long iteration) =>
        _step.Run(batch, [_pruned, .. Enumerable.Range(0, _randomSubNetworks).Select(_ => Between())], iteration);

    public override void PrepareEvaluation(Action whileRunning) => _calibrate(whileRunning);

    public override void Save(BinaryWriter writer) => _optimizer.Save(writer);

    public override void Load(BinaryReader reader) => _optimizer.Load(reader);

    public override void Dispose()
    {
        _optimizer.Dispose();
        _loss.Dispose();
        Means.Dispose();
    }

    private int[] Between() => _pruned.Select((width, g) => width + _random.NextInt32(Network.Description.FullWidths[g] - width + 1)).ToArray();
}
