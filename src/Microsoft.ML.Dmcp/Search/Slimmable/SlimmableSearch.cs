using System.Globalization;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>Trains a slimmable network, then chooses among its structures.</summary>
internal sealed class SlimmableSearch : TrainedSearch
{
    private readonly SlimmableSearchOptions _options;
    private readonly ImageBatches _aside;
    private readonly WidthGrid _grid;

    /// <param name="task">What it works on, with all images.</param>
    /// <param name="options">How to search; checked.</param>
    /// <exception cref="BudgetOutOfReachException">No width meets the budget.</exception>
    public SlimmableSearch(SearchTask task, SlimmableSearchOptions options)
        : this(task.Split(options.EvaluationShare, nameof(options.EvaluationShare)), options)
    {
    }

    private SlimmableSearch((SearchTask Task, ImageBatches Aside) images, SlimmableSearchOptions options)
        : base(images.Task, options, new WidthGrid(images.Task.Network, options.RangeFor(images.Task.Network)).MinWidths)
    {
        _options = options;
        _aside = images.Aside;
        _grid = new WidthGrid(Task.Network, options.RangeFor(Task.Network));
        Network = new SlimmableNetwork(Task.Network, Task.Images.Device, Random);
        Training = new SlimmableTrainer(
            Network, options, Task.Images, DrawSubNetworks, options.DistillationOfSubNetworks, TrainingPhase.Train);
    }

    public override SlimmableNetwork Network { get; }

    public override TrainingRun Training { get; }

    protected override FoundChannels Choose()
    {
        var known = new StructureLog(WeightsFile, _options.CheckpointInterval, Task.Log, Task.Images.Ranks);
        var evaluator = new StructureEvaluator(Network, Task, _aside, _options, known);
        var widths = Choose(new StructureChoice(_grid, Allowed, Limits, evaluator.Accuracy, Random, evaluator.ReportProgress));
        evaluator.ReportProgress(1);
        var evaluated = evaluator.Evaluated.ToString(CultureInfo.InvariantCulture);
        known.Save();
        (widths, var comparison) = CompareWithUniform(widths, _aside, _options.FallBackToUniform);
        var config = ChannelConfig.Of(Task.Network, widths, Method([("evaluatedStructures", evaluated), .. SettingsOf(comparison)]));
        LogCosts(config);
        return new FoundChannels(config, comparison);
    }

    private int[] Choose(StructureChoice choice) => _options switch
    {
        AutoSlimOptions => GreedySlimming.Choose(choice),
        EvolutionarySearchOptions o => EvolutionarySelection.Choose(choice, o.Population, o.Generations, o.MutationProbability),
        RandomStructuresOptions o => RandomSelection.Choose(choice, o.NumberOfStructures),
        _ => throw new InvalidOperationException($"There is no choice for {_options.GetType().Name}."),
    };

    private int[][] DrawSubNetworks(long iteration)
    {
        // The structures are chosen afterwards: all of the training is what the warm-up is to DMCP.
        var least = _grid.WidthsOf(_options.LeastShare(iteration, Task.Images.Plan.Iterations(_options.NumberOfEpochs)));
        return [least, .. Enumerable.Range(0, _options.RandomSubNetworks).Select(_ => _grid.DrawUniform(Random, least))];
    }
}
