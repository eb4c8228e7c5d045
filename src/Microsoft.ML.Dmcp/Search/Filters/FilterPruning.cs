using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Dmcp.Training.Optimization;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Search.Filters;

/// <summary>Trains the unpruned network and keeps its most important channels; the soft way it silences the others after every epoch.</summary>
internal sealed class FilterPruning : ChannelSearch
{
    private readonly FilterPruningOptions _options;
    private readonly bool _soft;
    private readonly int[] _widths;
    private readonly NetworkTrainer _trainer;

    /// <param name="task">What it works on.</param>
    /// <param name="options">How to search; checked.</param>
    /// <param name="soft">Whether filters are silenced after every epoch, and count as the batch norm behind them scales them.</param>
    public FilterPruning(SearchTask task, FilterPruningOptions options, bool soft)
        : base(task, options, task.Network.Groups.Select(_ => 1).ToArray())
    {
        (_options, _soft, _widths) = (options, soft, options.WidthsOf(task.Network, Limits));
        Network = new SlimmableNetwork(task.Network, task.Batches.Device, Random);
        _trainer = new NetworkTrainer(Network, options, Iterations, task.Set);
    }

    public override SlimmableNetwork Network { get; }

    public override RunningMean Means => _trainer.Means;

    protected override bool Trains => _soft || _options.WeightsPath is null;

    public override TrainingPhase PhaseOf(long iteration) => TrainingPhase.WarmUp;

    public override double Step(ImageBatch batch, long iteration)
    {
        var rate = _trainer.Step(batch, iteration);
        if (_soft && (iteration + 1) % Plan.Batches == 0)
            Silence(Best(_options.Criterion), forGood: iteration + 1 == Iterations);
        return rate;
    }

    public override void Save(BinaryWriter writer) => _trainer.Save(writer);

    public override void Load(BinaryReader reader) => _trainer.Load(reader);

    public override void Dispose()
    {
        _trainer.Dispose();
        Network.Dispose();
    }

    protected override FoundChannels Choose()
    {
        // What is zero in the end goes, whatever ranked it while training.
        var kept = Best(_soft ? FilterCriterion.L2Norm : _options.Criterion);
        var config = ChannelConfig.OfKept(Task.Network, kept, Method());
        using var pruned = Network.Slice(kept);
        Tell(config, pruned, null);
        return new FoundChannels(config);
    }

    private int[][] Best(FilterCriterion criterion) => FilterImportance.Best(FilterImportance.Of(Network, criterion, scaled: _soft), _widths);

    /// <summary>
    /// Takes the filters of all channels that are not kept out of what the network computes: sets the scale γ of the batch norms behind them to
    /// 0, and the filters themselves only where there is none. Behind a batch norm a filter of zeros gives the same values, but its gradient is
    /// some 300 times (1/√ε) as long as any other's, and it grows past all that was learned in one step.
    /// </summary>
    /// <param name="kept">The channels that are kept.</param>
    /// <param name="forGood">Whether the shifts β go too, which a pruned network does not have.</param>
    private void Silence(int[][] kept, bool forGood)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, weights, ungated) = (Task.Network, Network.state_dict(), GatePlacement.UngatedOutputs(Task.Network));
        for (var i = 1; i < network.Layers.Count; i++)
        {
            var isNorm = network.Layers[i] is BatchNormLayer;
            if (!isNorm && !(network.Layers[i] is ConvLayer or LinearLayer && ungated[i]))
                continue;
            var flags = new float[network.Shapes[i].Channels];
            foreach (var channel in network.Shapes[i].IndicesOf(kept))
                flags[channel] = 1;
            var mask = tensor(flags).to(Network.Device);
            foreach (var name in isNorm && !forGood ? (string[])["weight"] : ["weight", "bias"])
                if (weights.TryGetValue($"{network.Layers[i].Name}.{name}", out var weight))
                    weight.mul_(mask.view([mask.shape[0], .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]));
        }
    }
}
