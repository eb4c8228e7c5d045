using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Dais;

/// <summary>
/// DAIS: in turn a step of the weights on one part of the images and a step of the indicators on the other, both with the indicators as
/// gates. The symmetry regularizer of the paper, which draws the channel numbers of tied layers together, is zero here by construction: tied
/// layers share their indicators.
/// </summary>
internal sealed class DaisSearch : ChannelSearch
{
    private const double LeastUse = 0.95, BinaryMargin = 0.01, LeastExpectation = 1e-6;

    private readonly DaisSearchOptions _options;
    private readonly ImageSet _indicatorImages;
    private readonly ChannelIndicators _indicators;
    private readonly ExpectedCosts _expectedCosts;
    private readonly ClassificationLoss _labelLoss;
    private readonly WeightOptimizer _weights;
    private readonly WeightOptimizer _beta;
    private readonly long _batchSeed;
    private BatchesAhead? _indicatorBatches;

    /// <param name="task">What it works on, with the images of the weights.</param>
    /// <param name="indicatorImages">The images of the indicators.</param>
    /// <param name="options">How to search; checked.</param>
    public DaisSearch(SearchTask task, ImageSet indicatorImages, DaisSearchOptions options)
        : base(task, options, task.Network.Groups.Select(_ => 1).ToArray())
    {
        var device = task.Batches.Device;
        (_options, _indicatorImages) = (options, indicatorImages);
        _indicators = new ChannelIndicators(task.Network, options.InitialIndicator ?? ChannelIndicators.BetaThatMeets(task.Network, Limits), ScalarType.Float32, device);
        Network = new SlimmableNetwork(task.Network, device, Random);
        Means = new RunningMean(MeansOfSearch, device);
        _expectedCosts = Limits.Expectation(ScalarType.Float32, device);
        _labelLoss = options.LossOn(task.Set, device);
        _weights = new WeightOptimizer(Network, options.LearningRate, options.Momentum, options.WeightDecay, Iterations);
        _beta = new WeightOptimizer(_indicators.Beta, options.IndicatorLearningRate, options.Momentum, Iterations);
        _batchSeed = (long)Random.NextUInt64();
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means { get; }

    /// <summary>The indicators that are searched.</summary>
    internal ChannelIndicators Indicators => _indicators;

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
        var widths = Widths(Above(_indicators.OnHost(), 0));
        return Limits.Items.Select(limit => new CostProgress(limit.Metric, limit.Cost.Count(widths) * 1e-6, limit.Millions)).ToArray();
    }

    public override void Save(BinaryWriter writer)
    {
        _indicators.Save(writer);
        _weights.Save(writer);
        _beta.Save(writer);
    }

    public override void Load(BinaryReader reader)
    {
        _indicators.Load(reader);
        _weights.Load(reader);
        _beta.Load(reader);
    }

    public override void Dispose()
    {
        _indicatorBatches?.Dispose();
        _weights.Dispose();
        _beta.Dispose();
        _labelLoss.Dispose();
        _expectedCosts.Dispose();
        Means.Dispose();
        _indicators.Dispose();
        Network.Dispose();
    }

    /// <summary>T(e) = 1/(1 + k·e/E).</summary>
    internal double TemperatureAt(long iteration) => 1 / (1 + _options.Annealing * iteration / Iterations);

    /// <summary>The regularizers of the indicators: lasso, and FLOPs of the limit that is used most.</summary>
    internal Tensor Regularization(Tensor values) => values.mean().Times(_options.LassoWeight)
        .Plus(_expectedCosts.OfTightest(_expectedCosts.Of(_indicators.ExpectedWidths(values)), FlopsRegularizer).Times(_options.BudgetLossWeight));

    /// <summary>+log E above F, −log E below (1 − ε)F, 0 between.</summary>
    private Tensor FlopsRegularizer(Tensor expected, double target)
    {
        var use = expected.detach().DividedBy(target);
        var direction = use.IsGreater(1).sub(use.IsLess(1 - _options.BudgetTolerance));
        return expected.AtLeast(LeastExpectation * target).log().mul(direction);
    }

    protected override FoundChannels Choose()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var beta = _indicators.OnHost();
        if (!beta.All(g => g.All(double.IsFinite)))
            throw new InvalidOperationException("The search diverged: the indicators are no finite numbers. Lower IndicatorLearningRate.");
        var indicators = beta.SelectMany(g => g).Select(b => 1 / (1 + Math.Exp(-b / TemperatureAt(Iterations)))).ToArray();
        var (zeros, ones) = (indicators.Count(h => h <= BinaryMargin), indicators.Count(h => h >= 1 - BinaryMargin));
        var use = Limits.Use(Widths(Above(beta, 0)));
        var (kept, threshold) = Keep(beta, Limits, Math.Min(LeastUse, 1 - _options.BudgetTolerance));
        static string Text(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
        var config = ChannelConfig.OfKept(Task.Network, kept, Method(
            ("binaryShare", Text((double)(zeros + ones) / indicators.Length)), ("zeroShare", Text((double)zeros / indicators.Length)), ("budgetUseByIndicators", Text(use)), ("threshold", Text(threshold))));
        if (threshold != 0)
            Task.Log.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The channels whose indicators ended near 1 use {100 * use:0} % of the budget of {Limits}: channels are kept where β exceeds {threshold:0.####} rather than 0. Search longer, or change BudgetLossWeight or IndicatorLearningRate."));
        using var pruned = Network.Slice(kept);
        Tell(config, pruned, null);
        return new FoundChannels(config);
    }

    /// <summary>
    /// Channels with β above 0, if they use the budget well (or are all there are); else above the threshold that comes nearest from below.
    /// Every group keeps its strongest channel.
    /// </summary>
    /// <param name="beta">β, group by group.</param>
    /// <param name="limits">The budget.</param>
    /// <param name="leastUse">The least share of the budget that counts as used well.</param>
    internal static (int[][] Kept, double Threshold) Keep(double[][] beta, CostLimits limits, double leastUse)
    {
        var natural = Above(beta, 0);
        if (limits.Hold(Widths(natural)) && (limits.Use(Widths(natural)) >= leastUse || beta.All(g => g.All(b => b > 0))))
            return (natural, 0);
        // The more of the sorted values are passed, the fewer channels stay: find the fewest that must be passed.
        var values = beta.SelectMany(g => g).Append(beta.Min(g => g.Min()) - 1).Distinct().Order().ToArray();
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = limits.Hold(Widths(Above(beta, values[middle]))) ? (low, middle) : (middle + 1, high);
        }
        var kept = Above(beta, values[low]);
        return Widths(kept).SequenceEqual(Widths(natural)) ? (natural, 0) : (kept, values[low]);
    }

    /// <summary>The channels of every group whose β is above a threshold, and its strongest one.</summary>
    private static int[][] Above(double[][] beta, double threshold) => beta.Select(g =>
    {
        var strongest = Array.IndexOf(g, g.Max());
        return Enumerable.Range(0, g.Length).Where(c => g[c] > threshold || c == strongest).ToArray();
    }).ToArray();

    private static int[] Widths(int[][] kept) => kept.Select(k => k.Length).ToArray();

    private double TrainWeights(ImageBatch batch, double temperature, long iteration)
    {
        using var scope = NewDisposeScope();
        var scores = Network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Gates: _indicators.Values(temperature).detach(), Dropout: true));
        var loss = _labelLoss.Of(scores, batch.Labels);
        loss.backward();
        Means.Add(Loss, loss, 1);
        Means.Add(Accuracy, Evaluation.Correct(scores, batch.Labels), batch.Count);
        return _weights.Step(iteration);
    }

    private void TrainIndicators(double temperature, long iteration)
    {
        using var scope = NewDisposeScope();
        _indicatorBatches ??= IndicatorBatches((int)iteration);
        var batch = _indicatorBatches.Next().In(_options.Precision);
        Network.TrainWeights(false);
        var values = _indicators.Values(temperature);
        var loss = _labelLoss.Of(Network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Gates: values)), batch.Labels);
        var regularization = Regularization(values);
        // C channels share the gradient: a mean over them leaves each with 1/C of it, and β would stand still in a large network.
        loss.Plus(regularization).Times(_indicators.Beta.numel()).backward();
        _beta.Step(iteration);
        Network.TrainWeights(true);
        Means.Add(ArchitectureLoss, loss, 1);
        Means.Add(BudgetLoss, regularization, 1);
    }

    /// <summary>The batches of the indicators from an iteration on. Each has a source of its own, so that a search that goes on draws the same.</summary>
    private BatchesAhead IndicatorBatches(int first)
    {
        var size = Math.Min(_options.BatchSize, _indicatorImages.Count);
        return new BatchesAhead(Task.Batches, size, first, (int)Iterations, (target, iteration) =>
        {
            var random = new RandomSource(_batchSeed + iteration);
            var images = Enumerable.Range(0, size).Select(_ => random.NextInt32(_indicatorImages.Count)).ToArray();
            Task.Batches.Fill(target, _indicatorImages, images, _options.Augmentation, random);
        });
    }
}
