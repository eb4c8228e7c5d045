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
internal sealed class DmcpSearch : IDisposable
{
    // Indices of the means that a report reads.
    private const int Loss = 0, Accuracy = 1, ArchitectureLoss = 2, BudgetTerm = 3, Expected = 4, Means = 5;

    // As many as the release calibrates on; and a shift by which no probability changes much.
    private const int CalibrationBatches = 5;
    private const double LargestQuietShift = 0.25;

    private readonly NetworkDescription _description;
    private readonly SearchOptions _options;
    private readonly int _seed;
    private readonly RunLog _log;
    private readonly RandomSource _random;
    private readonly MarkovModel _model;
    private readonly SlimmableNetwork _network;
    private readonly NetworkCost _cost;
    private readonly ExpectedCost _expectedCost;
    private readonly long _limit;
    private readonly RunningMean _means;
    private bool _finished;

    /// <param name="description">The unpruned network.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="seed">Seed of all randomness.</param>
    /// <param name="device">Where the search runs.</param>
    /// <param name="log">Where progress is told.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget.</exception>
    public DmcpSearch(NetworkDescription description, SearchOptions options, int seed, Device device, RunLog log)
    {
        (_description, _options, _seed, _log) = (description, options, seed, log);
        _random = new RandomSource(seed);
        _cost = options.Budget.CostOf(description);
        _limit = options.Budget.LimitFor(description, description.Groups.Select(g => ChannelBlocks.Divide(g.Channels, options.Widths).MinChannels).ToArray());
        _model = new MarkovModel(description, options.Widths, options.Transition, ScalarType.Float32, device);
        _model.Initialize(options.InitialAlpha ?? _model.AlphaThatMeets(_cost, _limit), options.InitialAlphaDeviation, _random);
        _network = new SlimmableNetwork(description, device, _random);
        _expectedCost = _cost.Expectation(ScalarType.Float32, device);
        _means = new RunningMean(Means, device);
    }

    private double Target => _limit * 1e-6;

    /// <summary>Searches. The result owns the network and the model.</summary>
    /// <param name="set">Labelled images.</param>
    /// <param name="batches">Makes tensors of them.</param>
    public SearchResult Run(ImageSet set, BatchSource batches)
    {
        var plan = new EpochPlan(set.Count, _options.BatchSize);
        var iterations = (long)plan.Batches * _options.NumberOfEpochs;
        var warmUp = (long)plan.Batches * _options.WarmUpEpochs;
        var architectureIterations = (iterations - warmUp + _options.ArchitectureInterval - 1) / _options.ArchitectureInterval;
        using var weights = new WeightOptimizer(_network, _options.LearningRate, _options.Momentum, _options.WeightDecay, iterations);
        using var architecture = new WeightOptimizer(_model.Alpha, _options.ArchitectureLearningRate, _options.Momentum, architectureIterations);
        var reporter = new ProgressReporter(_log, _options.MetricsCallback, _options.NumberOfEpochs, plan);
        var sandwich = new SandwichRule(_model, _options, _random);
        var rate = 0.0;
        for (var epoch = 0; epoch < _options.NumberOfEpochs; epoch++)
        {
            _means.Reset();
            var order = plan.Shuffle(_random);
            for (var i = 0; i < plan.Batches; i++)
            {
                _options.CancellationToken.ThrowIfCancellationRequested();
                var iteration = (long)epoch * plan.Batches + i;
                var searching = iteration - warmUp;
                using (NewDisposeScope())
                {
                    var batch = batches.Make(set, plan.Batch(order, i), _options.Augmentation, _random);
                    if (searching < 0 || _options.WeightsTrainDuringSearch)
                    {
                        TrainWeights(batch, weights, sandwich.Draw(searching < 0, searching));
                        rate = weights.Step(iteration);
                    }
                    if (searching >= 0 && searching % _options.ArchitectureInterval == 0)
                        TrainArchitecture(batch, architecture, searching / _options.ArchitectureInterval);
                }
                if (reporter.IsDue(i + 1))
                    reporter.Report(searching < 0 ? TrainingPhase.WarmUp : TrainingPhase.Search, epoch, i + 1, _means.Read(), rate, Target);
            }
        }
        return Finish(set, batches);
    }

    public void Dispose()
    {
        _expectedCost.Dispose();
        _means.Dispose();
        if (_finished)
            return;
        _network.Dispose();
        _model.Dispose();
    }

    /// <summary>Stage 1: gradients of the widest network and of the sub-networks, summed.</summary>
    private void TrainWeights(ImageBatch batch, WeightOptimizer weights, IReadOnlyList<int[]> subNetworks)
    {
        weights.ZeroGradients();
        Tensor? teacher = null;
        using (var scope = NewDisposeScope())
        {
            var scores = _network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Dropout: true));
            var loss = Losses.CrossEntropy(scores, batch.Labels, _options.LabelSmoothing);
            loss.backward();
            _means.Add(Loss, loss, 1);
            _means.Add(Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
            if (_options.Distillation)
                teacher = scores.detach().div(_options.DistillationTemperature).softmax(1).MoveToOuterDisposeScope();
        }
        foreach (var widths in subNetworks)
        {
            using var scope = NewDisposeScope();
            var scores = _network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, widths, Dropout: true));
            SubNetworkLoss(scores, batch.Labels, teacher).backward();
        }
    }

    private Tensor SubNetworkLoss(Tensor scores, Tensor labels, Tensor? teacher)
    {
        if (teacher is null)
            return Losses.CrossEntropy(scores, labels, _options.LabelSmoothing);
        var loss = Losses.Distillation(scores, teacher, _options.DistillationTemperature).mul(_options.DistillationWeight);
        return _options.DistillationHardLabel ? loss.add(Losses.CrossEntropy(scores, labels, _options.LabelSmoothing)) : loss;
    }

    /// <summary>Stage 2: the widest network through the gates, weights frozen (Eq. 15).</summary>
    private void TrainArchitecture(ImageBatch batch, WeightOptimizer architecture, long iteration)
    {
        using var scope = NewDisposeScope();
        _network.TrainWeights(false);
        architecture.ZeroGradients();
        var marginals = _model.Marginals();
        var scores = _network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Gates: _model.Gates(marginals)));
        var loss = Losses.CrossEntropy(scores, batch.Labels, _options.LabelSmoothing);
        var expected = _expectedCost.Of(_model.ExpectedWidths(marginals));
        var budget = BudgetLoss.Of(_options.BudgetLoss, expected, Target, _options.BudgetTolerance);
        var regularization = budget.mul(_options.BudgetLossWeight);
        (_options.TaskLossTrainsArchitecture ? loss.add(regularization) : regularization).backward();
        architecture.Step(iteration);
        _model.Project();
        _network.TrainWeights(true);
        if (!_options.WeightsTrainDuringSearch)
        {
            _means.Add(Loss, loss, 1);
            _means.Add(Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        }
        _means.Add(ArchitectureLoss, loss, 1);
        _means.Add(BudgetTerm, budget, 1);
        _means.Add(Expected, expected, 1);
    }

    private SearchResult Finish(ImageSet set, BatchSource batches)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var expected = _expectedCost.Of(_model.ExpectedWidths()).ToDouble();
        var (widths, shift) = ExpectedSampling.Sample(_model, _description, _cost, _limit);
        var settings = new SortedDictionary<string, string>(_options.ToSettings(_seed).ToDictionary(), StringComparer.Ordinal)
        {
            ["alphaShift"] = shift.ToString("0.####", CultureInfo.InvariantCulture),
        };
        var config = ChannelConfig.Of(_description, widths, new SearchMethod("dmcp", settings));
        if (Math.Abs(shift) > LargestQuietShift)
            _log.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The search ended with an expected cost of {expected:0.00}M, not within the budget of {Target:0.00}M: all α were moved by {shift:0.00} to fit. " +
                $"Search longer, or raise BudgetLossWeight or ArchitectureLearningRate."));
        NormCalibration.Run(_network, widths, set, batches, _options.BatchSize, CalibrationBatches, _random);
        var accuracy = Evaluation.Accuracy(_network, widths, set, batches, _options.BatchSize);
        _log.Info(string.Create(CultureInfo.InvariantCulture,
            $"Found {config.Flops * 1e-6:0.00} of {config.UnprunedFlops * 1e-6:0.00} MFLOPs, {config.Parameters} of {config.UnprunedParameters} parameters; " +
            $"with the shared weights and calibrated batch norms {accuracy:0.000} of the training images are classified rightly."));
        _finished = true;
        return new SearchResult(config, _network, _model, new SearchedChain(_model.Chain(), _options.Budget.Metric, _limit), expected);
    }
}
