using System.Globalization;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp.Search.Slimmable;

/// <summary>Trains a slimmable network, then lets the options choose among its structures.</summary>
internal sealed class SlimmableSearch : ChannelSearch
{
    private readonly SlimmableSearchOptions _options;
    private readonly ImageSet _aside;
    private readonly WidthGrid _grid;
    private readonly ClassificationLoss _labelLoss;
    private readonly WeightOptimizer _optimizer;
    private readonly SandwichStep _step;

    /// <param name="task">What it works on, its images without those put aside.</param>
    /// <param name="aside">What structures are evaluated on.</param>
    /// <param name="options">How to search; checked.</param>
    public SlimmableSearch(SearchTask task, ImageSet aside, SlimmableSearchOptions options)
        : base(task, options, new WidthGrid(task.Network, options.Widths).MinWidths)
    {
        (_options, _aside, _grid) = (options, aside, new WidthGrid(task.Network, options.Widths));
        Network = new SlimmableNetwork(task.Network, task.Batches.Device, Random);
        Means = new RunningMean(MeansOfTraining, task.Batches.Device);
        _labelLoss = options.LossOn(task.Set, task.Batches.Device);
        _optimizer = new WeightOptimizer(Network, options.LearningRate, options.Momentum, options.WeightDecay, Iterations);
        _step = new SandwichStep(Network, _optimizer, new Distillation(1, 1, HardLabel: false), _labelLoss, Means);
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means { get; }

    public override TrainingPhase PhaseOf(long iteration) => TrainingPhase.WarmUp;

    public override double Step(ImageBatch batch, long iteration) =>
        _step.Run(batch, [_grid.MinWidths, .. Enumerable.Range(0, _options.RandomSubNetworks).Select(_ => _grid.DrawUniform(Random))], iteration);

    public override void Save(BinaryWriter writer) => _optimizer.Save(writer);

    public override void Load(BinaryReader reader) => _optimizer.Load(reader);

    public override void Dispose()
    {
        _optimizer.Dispose();
        _labelLoss.Dispose();
        Means.Dispose();
        Network.Dispose();
    }

    protected override FoundChannels Choose()
    {
        var known = new StructureLog(WeightsFile, _options.CheckpointInterval, Task.Log);
        var evaluator = new StructureEvaluator(Network, Task, _aside, _options, known);
        var widths = _options.Choose(new StructureChoice(Task.Network, _grid, Limits, evaluator.Accuracy, Random));
        var config = ChannelConfig.Of(Task.Network, widths, Method(("evaluatedStructures", evaluator.Evaluated.ToString(CultureInfo.InvariantCulture))));
        known.Save();
        Tell(config, evaluator.Accuracy(widths), "the images put aside, by which it was chosen,");
        return new FoundChannels(config);
    }
}
