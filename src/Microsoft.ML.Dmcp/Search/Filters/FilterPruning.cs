using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>Trains the unpruned network, or takes given weights, and keeps its most important channels.</summary>
internal sealed class FilterPruning : TrainedSearch
{
    private readonly FilterPruningOptions _options;
    private readonly bool _soft;
    private readonly IFilterRanking _ranking;

    /// <param name="task">What it works on.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="soft">Whether filters are set to zero after every epoch, and count as the batch norm behind them scales them.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget, or the given shares do not.</exception>
    public FilterPruning(SearchTask task, FilterPruningOptions options, bool soft)
        : base(task, options, options.Scope == PruningScope.Global ? GlobalRanking.Narrowest(task.Network) : null)
    {
        _options = options;
        _soft = soft;
        _ranking = options.Scope == PruningScope.Global
            ? new GlobalRanking(Allowed, Limits, task.Network.FullWidths, options.PerCost)
            : new LayerWiseRanking(FilterWidths.Of(options.KeepShares, task.Network, Allowed, Limits), task.Network.FullWidths);
        Network = new SlimmableNetwork(task.Network, task.Images.Device, Random);
        if (soft)
            Training = new SoftFilterTraining(Network, options, task.Images, () => KeepSoft(options.Criterion));
        else if (options.PruningSteps > 1)
            Training = new IterativeFilterTraining(Network, options, task.Images, Limits, Prune);
        else if (options.WeightsPath is null)
            Training = new NetworkTrainer(Network, options, task.Images, TrainingPhase.Train);
    }

    public override SlimmableNetwork Network { get; }

    public override TrainingRun? Training { get; }

    protected override void Begin(CheckpointIdentity origin)
    {
        if (Training is null && _options.Criterion == FilterCriterion.Taylor && Network.FreshClassifier is not null)
            throw new InvalidOperationException(
                $"The weights of '{_options.WeightsPath}' have no classifier of these {Task.Network.Classes} classes: " +
                "their loss does not say what is important (Criterion Taylor). Fine-tune the unpruned network first (a budget of " +
                "100 %), or set PruningSteps to 2 or more, which trains before it prunes.");
        if (Training is IterativeFilterTraining training
            && (_options.DistillationWeight ?? (FrozenTeacher.IsTrained(origin, Network) ? 1 : 0)) > 0)
            LearnFromGivenWeights(training);
    }

    protected override FoundChannels Choose()
    {
        var before = (Training as IterativeFilterTraining)?.Kept ?? Task.Network.AllChannels;
        // What is zero in the end of soft pruning goes, whatever ranked it while training.
        var kept = _soft ? KeepSoft(FilterCriterion.L2Norm) : Prune(before, _options.PruningSteps);
        var config = ChannelConfig.OfKept(Task.Network, kept, Method());
        using var pruned = Network.Slice(kept);
        Log(config, pruned, null);
        return new FoundChannels(config);
    }

    private int[][] KeepSoft(FilterCriterion criterion) => _ranking.Keep(FilterImportance.Of(Network, criterion, scaled: true), 1);

    /// <summary>The channels that are left after a step, of those that were left before.</summary>
    private int[][] Prune(int[][] before, int step)
    {
        double Share(int steps) => (double)steps / _options.PruningSteps;
        var way = (Share(step - 1), Share(step));
        var kept = RankedChannels.InRounds(Network, before, _ranking, way, _options.Rounds, Importance).Kept;
        if (step < _options.PruningSteps)
            Task.Log.Info(FormattableString.Invariant(
                $"Step {step} of {_options.PruningSteps} leaves {kept.Sum(k => k.Length)} of {Task.Network.FullWidths.Sum()} channels."));
        return kept;
    }

    private double[][] Importance(SlimmableNetwork network)
    {
        if (_options.Criterion != FilterCriterion.Taylor)
            return FilterImportance.Of(network, _options.Criterion);
        using var loss = new ClassificationLoss(_options, Task.Images.Set, network.Device, Task.Images.Ranks);
        return TaylorImportance.Of(network, Task.Images, loss, _options.TaylorBatches, Random.Fork("importance"), Task.Log);
    }
}
