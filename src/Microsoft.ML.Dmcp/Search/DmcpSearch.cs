using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search;

/// <summary>
/// The two-stage search (3.2): stage 1 trains the shared weights by the sandwich rule, stage 2 trains α through the gates with the
/// loss of Eq. 15. After the warm-up both run in every iteration.
/// </summary>
internal sealed class DmcpSearch : TrainingRun
{
    /// <summary>Name of the method in channel configs and checkpoints.</summary>
    public const string Name = "dmcp";

    // A shift of all α by which no probability changes much.
    private const double LargestQuietShift = 0.25;

    private readonly NetworkDescription _description;
    private readonly SearchOptions _options;
    private readonly int _seed;
    private readonly ImageSet _set;
    private readonly BatchSource _batches;
    private readonly RunLog _log;
    private readonly RandomSource _random;
    private readonly MarkovModel _model;
    private readonly CostLimits _limits;
    private readonly ExpectedCosts _expectedCosts;
    private readonly WeightOptimizer _weights;
    private readonly WeightOptimizer _architecture;
    private readonly SandwichRule _sandwich;
    private readonly SandwichStep _weightStep;
    private readonly ClassificationLoss _labelLoss;
    private readonly long _warmUp;
    private double _rate;
    private bool _searching;
    private bool _finished;

    /// <param name="description">The unpruned network.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="seed">Seed of all randomness.</param>
    /// <param name="set">Labelled images.</param>
    /// <param name="batches">Makes tensors of them; decides where the search runs.</param>
    /// <param name="log">Where progress is told.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget.</exception>
    public DmcpSearch(NetworkDescription description, SearchOptions options, int seed, ImageSet set, BatchSource batches, RunLog log)
    {
        (_description, _options, _seed, _set, _batches, _log) = (description, options, seed, set, batches, log);
        var plan = new EpochPlan(set.Count, options.BatchSize);
        var iterations = (long)plan.Batches * options.NumberOfEpochs;
        _warmUp = (long)plan.Batches * options.WarmUpEpochs;
        _random = new RandomSource(seed);
        _limits = options.Budget.For(description, description.Groups.Select(g => ChannelBlocks.Divide(g.Channels, options.Widths).MinChannels).ToArray());
        _model = new MarkovModel(description, options.Widths, options.Transition, ScalarType.Float32, batches.Device);
        _model.Initialize(options.InitialAlpha ?? _model.AlphaThatMeets(_limits), options.InitialAlphaDeviation, _random);
        Network = new SlimmableNetwork(description, batches.Device, _random);
        Means = new RunningMean(MeansOfSearch, batches.Device);
        _expectedCosts = _limits.Expectation(ScalarType.Float32, batches.Device);
        _weights = new WeightOptimizer(Network, options.LearningRate, options.Momentum, options.WeightDecay, iterations);
        _architecture = new WeightOptimizer(_model.Alpha, options.ArchitectureLearningRate, options.Momentum, (iterations - _warmUp + options.ArchitectureInterval - 1) / options.ArchitectureInterval);
        _sandwich = new SandwichRule(_model, options, _random);
        _labelLoss = options.LossOn(set, batches.Device);
        _weightStep = new SandwichStep(Network, _weights, options.DistillationOfSubNetworks, _labelLoss, Means);
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means { get; }

    /// <summary>Searches. The result owns the network and the model.</summary>
    public SearchResult Run()
    {
        if (_options.WeightsPath is not null)
            CheckpointFile.LoadWeights(_options.WeightsPath, Network);
        var checkpoint = _options.CheckpointPath is null ? null
            : new Checkpoint(_options.CheckpointPath, CheckpointIdentity.Of($"{Name} search", _seed, _description, _set, _options.ToSettings()));
        new TrainingLoop(_options, _set, _batches, _random, _log).Run(this, checkpoint);
        return Finish();
    }

    public override TrainingPhase PhaseOf(long iteration) => iteration < _warmUp ? TrainingPhase.WarmUp : TrainingPhase.Search;

    public override double Step(ImageBatch batch, long iteration)
    {
        var searching = iteration - _warmUp;
        if (searching < 0 || _options.WeightsTrainDuringSearch)
            _rate = _weightStep.Run(batch, _sandwich.Draw(searching < 0, searching), iteration);
        if (searching >= 0 && searching % _options.ArchitectureInterval == 0)
            TrainArchitecture(batch, searching / _options.ArchitectureInterval);
        _searching = searching >= 0;
        return _rate;
    }

    public override IReadOnlyList<CostProgress> Costs() =>
        _searching ? _limits.Items.Zip(ExpectedNow(), (limit, expected) => new CostProgress(limit.Metric, expected, limit.Millions)).ToArray() : [];

    public override void Save(BinaryWriter writer)
    {
        _model.Save(writer);
        _weights.Save(writer);
        _architecture.Save(writer);
    }

    public override void Load(BinaryReader reader)
    {
        _model.Load(reader);
        _weights.Load(reader);
        _architecture.Load(reader);
    }

    public override void Dispose()
    {
        _expectedCosts.Dispose();
        _weights.Dispose();
        _architecture.Dispose();
        Means.Dispose();
        _labelLoss.Dispose();
        if (_finished)
            return;
        Network.Dispose();
        _model.Dispose();
    }

    /// <summary>Stage 2: the widest network through the gates, weights frozen (Eq. 15).</summary>
    private void TrainArchitecture(ImageBatch batch, long iteration)
    {
        using var scope = NewDisposeScope();
        Network.TrainWeights(false);
        _architecture.ZeroGradients();
        var marginals = _model.Marginals();
        var scores = Network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Gates: _model.Gates(marginals)));
        var loss = _labelLoss.Of(scores, batch.Labels);
        var budget = _expectedCosts.Loss(_options.BudgetLoss, _expectedCosts.Of(_model.ExpectedWidths(marginals)), _options.BudgetTolerance);
        var regularization = budget.mul(_options.BudgetLossWeight);
        (_options.TaskLossTrainsArchitecture ? loss.add(regularization) : regularization).backward();
        _architecture.Step(iteration);
        _model.Project();
        Network.TrainWeights(true);
        if (!_options.WeightsTrainDuringSearch)
        {
            Means.Add(Loss, loss, 1);
            Means.Add(Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        }
        Means.Add(ArchitectureLoss, loss, 1);
        Means.Add(BudgetLoss, budget, 1);
    }

    private double[] ExpectedNow()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return _expectedCosts.Of(_model.ExpectedWidths()).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    private SearchResult Finish()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var expected = ExpectedNow();
        var (widths, shift) = ExpectedSampling.Sample(_model, _description, _limits);
        var settings = _options.ToSettings();
        settings["seed"] = _seed.ToString(CultureInfo.InvariantCulture);
        settings["alphaShift"] = shift.ToString("0.####", CultureInfo.InvariantCulture);
        var config = ChannelConfig.Of(_description, widths, new SearchMethod(Name, settings));
        if (Math.Abs(shift) > LargestQuietShift)
            _log.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The search ended with an expected cost of {string.Join(" and ", expected.Select(e => e.ToString("0.00", CultureInfo.InvariantCulture)))} M, not within the budget of {_limits}: all α were moved by {shift:0.00} to fit. " +
                $"Search longer, or raise BudgetLossWeight or ArchitectureLearningRate."));
        NormCalibration.Run(Network, widths, _set, _batches, _options.BatchSize, _options.CalibrationBatches, _random);
        var accuracy = Evaluation.Accuracy(Network, widths, _set, _batches, _options.BatchSize);
        _log.Info(string.Create(CultureInfo.InvariantCulture,
            $"Found {config.Flops * 1e-6:0.00} of {config.UnprunedFlops * 1e-6:0.00} MFLOPs, {config.Parameters} of {config.UnprunedParameters} parameters; " +
            $"with the shared weights and calibrated batch norms {accuracy:0.000} of the training images are classified rightly."));
        _finished = true;
        return new SearchResult(config, Network, _model, new SearchedChain(_model.Chain(), _limits), expected);
    }
}
