using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Dmcp;

/// <summary>
/// The two-stage search (3.2): stage 1 trains the shared weights by the sandwich rule, stage 2 trains α through the gates with the
/// loss of Eq. 15. After the warm-up both run in every iteration.
/// </summary>
internal sealed class DmcpSearch : ChannelSearch
{
    // A shift of all α by which no probability changes much.
    private const double LargestQuietShift = 0.25;

    private readonly DmcpSearchOptions _options;
    private readonly MarkovModel _model;
    private readonly ExpectedCosts _expectedCosts;
    private readonly WeightOptimizer _weights;
    private readonly WeightOptimizer _architecture;
    private readonly SandwichRule _sandwich;
    private readonly SandwichStep _weightStep;
    private readonly ClassificationLoss _labelLoss;
    private readonly long _warmUp;
    private double _rate;
    private bool _searching;

    /// <param name="task">What it works on.</param>
    /// <param name="options">How to search; checked.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget.</exception>
    public DmcpSearch(SearchTask task, DmcpSearchOptions options)
        : base(task, options, new WidthGrid(task.Network, options.Widths).MinWidths)
    {
        var device = task.Batches.Device;
        _options = options;
        _warmUp = (long)Plan.Batches * options.WarmUpEpochs;
        _model = new MarkovModel(task.Network, options.Widths, options.Transition, ScalarType.Float32, device);
        _model.Initialize(options.InitialAlpha ?? _model.AlphaThatMeets(Limits), options.InitialAlphaDeviation, Random);
        Network = new SlimmableNetwork(task.Network, device, Random);
        Means = new RunningMean(MeansOfSearch, device);
        _expectedCosts = Limits.Expectation(ScalarType.Float32, device);
        _weights = new WeightOptimizer(Network, options.LearningRate, options.Momentum, options.WeightDecay, Iterations);
        _architecture = new WeightOptimizer(_model.Alpha, options.ArchitectureLearningRate, options.Momentum, (Iterations - _warmUp + options.ArchitectureInterval - 1) / options.ArchitectureInterval);
        _sandwich = new SandwichRule(_model, options, Random);
        _labelLoss = options.LossOn(task.Set, device);
        _weightStep = new SandwichStep(Network, _weights, options.DistillationOfSubNetworks, _labelLoss, Means);
    }

    public override SlimmableNetwork Network { get; }

    /// <summary>The Markov model that is searched.</summary>
    internal MarkovModel Model => _model;

    public override RunningMean Means { get; }

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
        _searching ? Limits.Items.Zip(ExpectedNow(), (limit, expected) => new CostProgress(limit.Metric, expected, limit.Millions)).ToArray() : [];

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
        Network.Dispose();
        _model.Dispose();
    }

    /// <summary>Stage 2: the widest network through the gates, weights frozen (Eq. 15).</summary>
    private void TrainArchitecture(ImageBatch batch, long iteration)
    {
        using var scope = NewDisposeScope();
        Network.TrainWeights(false);
        var marginals = _model.Marginals();
        var scores = Network.Run(batch.Images, new NetworkPass(NormStatistics.Batch, Gates: _model.Gates(marginals)));
        var loss = _labelLoss.Of(scores, batch.Labels);
        var budget = _expectedCosts.Loss(_options.BudgetLoss, _expectedCosts.Of(_model.ExpectedWidths(marginals)), _options.BudgetTolerance);
        var regularization = budget.Times(_options.BudgetLossWeight);
        (_options.TaskLossTrainsArchitecture ? loss.Plus(regularization) : regularization).backward();
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

    /// <summary>Expected costs at the current α, in millions, one for each limit. Waits for the device.</summary>
    internal double[] ExpectedNow()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        return _expectedCosts.Of(_model.ExpectedWidths()).to(ScalarType.Float64).cpu().data<double>().ToArray();
    }

    protected override FoundChannels Choose()
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var expected = ExpectedNow();
        if (!expected.All(double.IsFinite))
            throw new InvalidOperationException("The search diverged: the architecture parameters are no finite numbers. Lower ArchitectureLearningRate.");
        var (widths, shift) = ExpectedSampling.Sample(_model, Task.Network, Limits);
        var config = ChannelConfig.Of(Task.Network, widths, Method(("alphaShift", shift.ToString("0.####", CultureInfo.InvariantCulture))));
        if (Math.Abs(shift) > LargestQuietShift)
            Task.Log.Warning(string.Create(CultureInfo.InvariantCulture,
                $"The search ended with an expected cost of {string.Join(" and ", expected.Select(e => e.ToString("0.00", CultureInfo.InvariantCulture)))} M, not within the budget of {Limits}: all α were moved by {shift:0.00} to fit. " +
                $"Search longer, or raise BudgetLossWeight or ArchitectureLearningRate."));
        Tell(config, Network, widths);
        return new FoundChannels(config, new SearchedChain(_model.Chain(), Limits));
    }
}
