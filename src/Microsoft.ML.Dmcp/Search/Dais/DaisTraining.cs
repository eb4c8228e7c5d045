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

namespace Microsoft.ML.Dmcp.Search.Dais;

/// <summary>
/// In turn a step of the weights on one part of the images and a step of the indicators on the other, both with the indicators as gates.
/// </summary>
internal sealed class DaisTraining : TrainingRun
{
    private const double LeastExpectation = 1e-6;

    private readonly DaisSearchOptions _options;
    private readonly ChannelIndicators _indicators;
    private readonly CostLimits _limits;
    private readonly ExpectedCosts _expectedCosts;
    private readonly ClassificationLoss _labelLoss;
    private readonly WeightOptimizer _weights;
    private readonly WeightOptimizer _beta;
    private readonly long _iterations;
    private readonly Ranks? _ranks;
    private readonly DrawnBatches _indicatorBatches;

    /// <param name="network">The weights.</param>
    /// <param name="indicators">The indicators; become the run's.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="images">The images of the weights.</param>
    /// <param name="indicatorImages">The images of the indicators.</param>
    /// <param name="random">Draws the batches of the indicators.</param>
    public DaisTraining(
        SlimmableNetwork network, ChannelIndicators indicators, CostLimits limits, DaisSearchOptions options,
        ImageBatches images, ImageBatches indicatorImages, RandomSource random)
        : base(network, RunningMeans.OfSearch(network.Device))
    {
        _options = options;
        _limits = limits;
        _iterations = images.Plan.Iterations(options.NumberOfEpochs);
        _indicators = OwnState(indicators);
        _expectedCosts = Own(limits.Expectation(ScalarType.Float32, network.Device));
        _ranks = images.Ranks;
        _labelLoss = Own(new ClassificationLoss(options, images.Set, network.Device, _ranks));
        _weights = OwnState(new WeightOptimizer(network, options, _iterations, _ranks));
        _beta = OwnState(new WeightOptimizer(indicators.Beta, options.IndicatorLearningRate, options.Momentum, _iterations, _ranks));
        _indicatorBatches = Own(new DrawnBatches(indicatorImages, options.Augmentation, (long)random.NextUInt64(), _iterations));
    }

    public override TrainingPhase PhaseOf(long iteration) => TrainingPhase.Search;

    public override double Step(ImageBatch batch, long iteration)
    {
        var temperature = TemperatureAt(iteration);
        var rate = TrainWeights(batch, temperature, iteration);
        TrainIndicators(temperature, iteration);
        return rate;
    }

    public override IReadOnlyList<CostProgress> Costs()
    {
        // As wide as the channels that would be kept now.
        var widths = IndicatorThreshold.Widths(IndicatorThreshold.Above(_indicators.OnHost(), 0));
        return _limits.Items.Select(limit => new CostProgress(limit.Metric, limit.Cost.Count(widths) * 1e-6, limit.Millions)).ToArray();
    }

    /// <summary>T(e) = 1/(1 + k·e/E).</summary>
    public double TemperatureAt(long iteration) => 1 / (1 + _options.Annealing * iteration / _iterations);

    /// <summary>T at the end.</summary>
    public double FinalTemperature => TemperatureAt(_iterations);

    /// <summary>The regularizers of the indicators: lasso, and FLOPs of the limit that is used most.</summary>
    public Tensor Regularization(Tensor values)
    {
        var costs = _expectedCosts.OfTightest(_expectedCosts.Of(_indicators.ExpectedWidths(values)), FlopsRegularizer);
        return values.mean().Times(_options.LassoWeight).Plus(costs.Times(_options.BudgetLossWeight));
    }

    /// <summary>+log E above F, −log E below (1 − ε)F, 0 between.</summary>
    private Tensor FlopsRegularizer(Tensor expected, double target)
    {
        var use = expected.detach().DividedBy(target);
        var direction = use.IsGreater(1).sub(use.IsLess(1 - _options.BudgetTolerance));
        return expected.AtLeast(LeastExpectation * target).log().mul(direction);
    }

    private double TrainWeights(ImageBatch batch, double temperature, long iteration)
    {
        using var scope = NewDisposeScope();
        var gates = _indicators.Values(temperature).detach();
        var pass = new NetworkPass(NormStatistics.Batch, Gates: gates, Dropout: true, Slices: _weights.SlicesOfLastPass(), Ranks: _ranks);
        var scores = Network.Run(batch.Images, pass);
        var loss = _labelLoss.Of(scores, batch.Labels);
        loss.backward();
        Means.Add(Mean.Loss, loss, 1);
        Means.Add(Mean.Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        return _weights.Step(iteration);
    }

    private void TrainIndicators(double temperature, long iteration)
    {
        using var scope = NewDisposeScope();
        var batch = _indicatorBatches.Next(iteration).As(_options.ComputingType);
        Network.TrainWeights(false);
        var values = _indicators.Values(temperature);
        var pass = new NetworkPass(NormStatistics.Batch, Gates: values, Ranks: _ranks);
        var loss = _labelLoss.Of(Network.Run(batch.Images, pass), batch.Labels);
        var regularization = Regularization(values);
        // C channels share the gradient: a mean over them leaves each with 1/C of it, and β would stand still in a large network.
        loss.Plus(regularization).Times(_indicators.Beta.numel()).backward();
        _beta.Step(iteration);
        Network.TrainWeights(true);
        Means.Add(Mean.ArchitectureLoss, loss, 1);
        Means.Add(Mean.BudgetLoss, regularization, 1);
    }
}
