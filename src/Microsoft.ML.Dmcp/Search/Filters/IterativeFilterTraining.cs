using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>
/// Trains the unpruned network in parts of the same length, and prunes between them; channels that are gone stay gone. The last step comes
/// after the training.
/// </summary>
internal sealed class IterativeFilterTraining : NetworkTrainer
{
    private const double Temperature = 1;

    private readonly FilterPruningOptions _options;
    private readonly CostLimits _limits;
    private readonly Func<int[][], int, int[][]> _prune;
    private readonly KeptChannels _kept;
    private readonly long _batches;
    private FrozenTeacher? _teacher;

    /// <param name="network">The unpruned network; trained in place.</param>
    /// <param name="options">How long, how fast and in how many steps.</param>
    /// <param name="images">What is learned from.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="prune">Gives the channels that are left after a step, from 1, of those that were left before.</param>
    public IterativeFilterTraining(
        SlimmableNetwork network, FilterPruningOptions options, ImageBatches images, CostLimits limits, Func<int[][], int, int[][]> prune)
        : base(network, options, images, TrainingPhase.Train)
    {
        _options = options;
        _limits = limits;
        _prune = prune;
        _batches = images.Plan.Batches;
        _kept = OwnState(new KeptChannels(network));
    }

    /// <summary>The channels that are left of every group.</summary>
    public int[][] Kept => _kept.Indices;

    public override FrozenTeacher? Teacher
    {
        set => _teacher = value;
    }

    protected override Tensor? Gates => _kept.Gates;

    public override double Step(ImageBatch batch, long iteration)
    {
        // Before the iteration: a run that is cancelled in it has changed nothing.
        if (StepBefore(iteration) is { } step)
            _kept.Keep(_prune(Kept, step));
        var rate = base.Step(batch, iteration);
        // The momentum of before still moved weights behind closed gates: who takes them from the checkpoint has no gates.
        if (iteration + 1 == _batches * _options.NumberOfEpochs)
            ZeroChannels.Set(Network, Kept, forGood: true);
        return rate;
    }

    public override IReadOnlyList<CostProgress> Costs()
    {
        var widths = Kept.Select(k => k.Length).ToArray();
        return _limits.Items.Select(limit => new CostProgress(limit.Metric, limit.Cost.Count(widths) * 1e-6, limit.Millions)).ToArray();
    }

    protected override Tensor LossOf(ImageBatch batch, Tensor scores, Tensor labelLoss)
    {
        if (_teacher is null)
            return labelLoss;
        var distillation = Losses.Distillation(scores, _teacher.Probabilities(batch.Images, Temperature), Temperature);
        return Losses.Weighted(labelLoss, distillation, _options.DistillationWeight ?? FrozenTeacher.UsualWeight);
    }

    /// <summary>The step that comes before an iteration; null for none.</summary>
    private int? StepBefore(long iteration)
    {
        for (var step = 1; step < _options.PruningSteps; step++)
            if (iteration == _batches * (_options.NumberOfEpochs * (long)step / _options.PruningSteps))
                return step;
        return null;
    }
}
