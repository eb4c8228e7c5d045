using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>
/// The two stages (3.2): stage 1 trains the shared weights by the sandwich rule, stage 2 trains α through the gates with the loss of Eq.
/// 15. After the warm-up both run in every iteration.
/// </summary>
internal sealed class DmcpTraining : TrainingRun
{
    private readonly DmcpSearchOptions _options;
    private readonly MarkovModel _model;
    private readonly CostLimits _limits;
    private readonly ExpectedCosts _expectedCosts;
    private readonly WeightOptimizer _architecture;
    private readonly SandwichRule _sandwich;
    private readonly SandwichStep _weightStep;
    private readonly ClassificationLoss _labelLoss;
    private readonly long _warmUp;
    private readonly Ranks? _ranks;
    private readonly DrawnBatches? _architectureBatches;
    private double _rate;
    private bool _searching;

    /// <param name="network">The shared weights.</param>
    /// <param name="model">The Markov model; becomes the run's.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="images">What is learned from.</param>
    /// <param name="architectureImages">What α is trained on; null for the batches of the weights.</param>
    /// <param name="random">Draws sub-networks.</param>
    public DmcpTraining(
        SlimmableNetwork network, MarkovModel model, CostLimits limits, DmcpSearchOptions options, ImageBatches images,
        ImageBatches? architectureImages, RandomSource random)
        : base(network, RunningMeans.OfSearch(network.Device))
    {
        _options = options;
        _limits = limits;
        _model = OwnState(model);
        _warmUp = images.Plan.Iterations(options.WarmUpEpochs);
        _expectedCosts = Own(limits.Expectation(ScalarType.Float32, network.Device));
        _ranks = images.Ranks;
        _labelLoss = Own(new ClassificationLoss(options, images.Set, network.Device, _ranks));
        var iterations = images.Plan.Iterations(options.NumberOfEpochs);
        var weights = OwnState(new WeightOptimizer(network, options, iterations, _ranks));
        var steps = (iterations - _warmUp + options.ArchitectureInterval - 1) / options.ArchitectureInterval;
        _architecture = OwnState(new WeightOptimizer(model.Alpha, options.ArchitectureSchedule, options.Momentum, steps, _ranks));
        if (architectureImages is not null)
            _architectureBatches = Own(new DrawnBatches(architectureImages, options.Augmentation, (long)random.NextUInt64(), steps));
        _sandwich = new SandwichRule(model, options, random);
        _weightStep = new SandwichStep(network, weights, options.DistillationOfSubNetworks, _labelLoss, Means, _ranks);
    }

    public override FrozenTeacher? Teacher
    {
        set => _weightStep.Teacher = value;
    }

    public override TrainingPhase PhaseOf(long iteration) => iteration < _warmUp ? TrainingPhase.WarmUp : TrainingPhase.Search;

    public override double Step(ImageBatch batch, long iteration)
    {
        var searching = iteration - _warmUp;
        Tensor? taught = null;
        if (searching < 0 || _options.WeightsTrainDuringSearch)
        {
            // Both stages learn it, of one pass through the teacher.
            taught = _weightStep.Taught(batch);
            var subNetworks = _sandwich.Draw(searching < 0, searching, _options.LeastShare(iteration, _warmUp));
            _rate = _weightStep.Run(batch, subNetworks, iteration, taught);
        }
        if (searching >= 0 && searching % _options.ArchitectureInterval == 0)
            TrainArchitecture(batch, taught, searching / _options.ArchitectureInterval);
        _searching = searching >= 0;
        return _rate;
    }

    public override IReadOnlyList<CostProgress> Costs() => !_searching ? []
        : _limits.Items.Zip(ExpectedNow(), (limit, expected) => new CostProgress(limit.Metric, expected, limit.Millions)).ToArray();

    /// <summary>Expected costs at the current α, in millions, one for each limit. Waits for the device.</summary>
    public double[] ExpectedNow()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return _expectedCosts.Of(_model.ExpectedWidths()).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    /// <summary>Stage 2: the widest network through the gates, weights frozen (Eq. 15).</summary>
    private void TrainArchitecture(ImageBatch batch, Tensor? taught, long iteration)
    {
        using var scope = NewDisposeScope();
        if (_architectureBatches is not null)
            (batch, taught) = (_architectureBatches.Next(iteration).As(_options.ComputingType), null);
        taught ??= _weightStep.Taught(batch);
        Network.TrainWeights(false);
        var marginals = _model.Marginals();
        var scores = Network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Gates: _model.Gates(marginals), Ranks: _ranks));
        var labels = _labelLoss.Of(scores, batch.Labels);
        var loss = taught is null ? labels
            : Losses.Weighted(labels, _weightStep.TeacherLoss(scores, taught), FrozenTeacher.UsualWeight);
        var expected = _expectedCosts.Of(_model.ExpectedWidths(marginals));
        var budget = _expectedCosts.Loss(_options.BudgetLoss, expected, 1 - _options.BudgetTolerance);
        var regularization = budget.Times(_options.BudgetLossWeight);
        var trained = !_options.TaskLossTrainsArchitecture ? regularization
            : _options.ProjectsOntoBudget ? loss : loss.Plus(regularization);
        var costGradient = _options.ProjectsOntoBudget
            ? autograd.grad([_expectedCosts.OfTightest(expected, (e, target) => e.DividedBy(target))], [_model.Alpha], retain_graph: true)[0]
            : null;
        trained.backward();
        _architecture.Step(iteration);
        _model.Project();
        if (costGradient is not null)
            _model.ProjectOnto(_limits, costGradient);
        Network.TrainWeights(true);
        if (!_options.WeightsTrainDuringSearch)
        {
            Means.Add(Mean.Loss, loss, 1);
            Means.Add(Mean.Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        }
        Means.Add(Mean.ArchitectureLoss, loss, 1);
        Means.Add(Mean.BudgetLoss, budget, 1);
    }
}
