using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>Trains the unpruned network, or takes given weights, and keeps its most important channels.</summary>
internal sealed class FilterPruning : TrainedSearch
{
    private readonly FilterPruningOptions _options;
    private readonly bool _soft;
    private readonly int[] _widths;

    /// <param name="task">What it works on.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="soft">Whether filters are set to zero after every epoch, and count as the batch norm behind them scales them.</param>
    /// <exception cref="ArgumentOutOfRangeException">No width meets the budget, or the given shares do not.</exception>
    public FilterPruning(SearchTask task, FilterPruningOptions options, bool soft)
        : base(task, options)
    {
        _options = options;
        _soft = soft;
        _widths = FilterWidths.Of(options.KeepShares, task.Network, Allowed, Limits);
        Network = new SlimmableNetwork(task.Network, task.Images.Device, Random);
        if (soft)
            Training = new SoftFilterTraining(Network, options, task.Images, () => Best(options.Criterion));
        else if (options.WeightsPath is null)
            Training = new NetworkTrainer(Network, options, task.Images, TrainingPhase.Train);
    }

    public override SlimmableNetwork Network { get; }

    public override TrainingRun? Training { get; }

    protected override FoundChannels Choose()
    {
        // What is zero in the end goes, whatever ranked it while training.
        var kept = Best(_soft ? FilterCriterion.L2Norm : _options.Criterion);
        var config = ChannelConfig.OfKept(Task.Network, kept, Method());
        using var pruned = Network.Slice(kept);
        Log(config, pruned, null);
        return new FoundChannels(config);
    }

    private int[][] Best(FilterCriterion criterion) =>
        FilterImportance.Best(FilterImportance.Of(Network, criterion, scaled: _soft), _widths);
}
