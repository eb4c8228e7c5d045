using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp;

namespace Dmcp.Experiments;

/// <summary>What the units work with.</summary>
internal sealed class Laboratory(Settings settings, ImageLaboratory images)
{
    public Settings Settings => settings;

    public ImageLaboratory Images => images;

    public PartFolder Folder => images.Folder;

    public UnitResult? ResultOf(Part unit) => Folder.ResultOf<UnitResult>(unit);

    /// <summary>The unpruned network, its widths multiplied.</summary>
    public NetworkDescription Describe(double width) => images.Describe(width);

    /// <summary>The budget in multiply-adds of the network at its own width, whatever the width of the unpruned one (Table 2).</summary>
    public Budget BudgetOf(bool? small) => small is null ? Budget.FlopsRatio(1)
        : Budget.MFlops((small.Value ? settings.SmallFlopsShare : settings.FlopsShare) * images.UnprunedMFlops);

    /// <summary>Searches; gives the transformer and the expected cost at the end, in millions.</summary>
    public (DmcpSearchTransformer Searched, double? Expected) Search(SearchUnit unit, CancellationToken cancellation)
    {
        double? expected = null;
        var options = new DmcpSearchOptions { Network = images.Architecture(unit.Variant.Width), Budget = BudgetOf(unit.Variant.Small) };
        unit.Variant.Change(options);
        var searched = images.Search(
            unit,
            () => images.Context.Transforms.DmcpSearch(options),
            options,
            p => expected = p.Costs.FirstOrDefault()?.Expected ?? expected,
            cancellation);
        return (searched, expected);
    }

    /// <summary>Searches with frozen, trained weights, random α and the task loss alone; gives cost and accuracy on the way.</summary>
    public IReadOnlyList<RecoveryPoint> Recover(RecoverabilityUnit unit, CancellationToken cancellation)
    {
        // The points of the curve are kept in memory only: an interrupted run begins anew.
        File.Delete(Folder.CheckpointFile(unit));
        var curve = new List<RecoveryPoint>();
        var epoch = 0;
        var batches = 0;
        var correct = 0.0;
        var options = new DmcpSearchOptions
        {
            Network = images.Architecture(1),
            Budget = Budget.FlopsRatio(1),
            Widths = new WidthRange(),
            WarmUpShare = 0,
            WeightsTrainDuringSearch = false,
            BudgetLossWeight = 0,
            InitialAlpha = 0,
            InitialAlphaDeviation = 1,
            WeightsPath = Folder.CheckpointFile(unit.Pretrained),
            // As in the paper; sorted, few channels would classify well from the start.
            SortChannels = false,
        };
        images.Search(unit, () => images.Context.Transforms.DmcpSearch(options), options, p =>
        {
            // The accuracy that is reported is the mean over the epoch so far; a point of the curve is the mean since the point before.
            if (p.Epoch != epoch)
            {
                epoch = p.Epoch;
                batches = 0;
                correct = 0;
            }
            var iteration = (p.Epoch - 1) * p.Batches + p.Batch;
            var accuracy = (p.Accuracy * p.Batch - correct) / (p.Batch - batches);
            curve.Add(new RecoveryPoint(iteration, p.Costs[0].Expected, accuracy));
            batches = p.Batch;
            correct = p.Accuracy * p.Batch;
        }, cancellation);
        return curve;
    }

    /// <summary>Draws what the authors' release draws after a search.</summary>
    public void PlotStatistics(SearchUnit unit, DmcpSearchTransformer searched)
    {
        var statistics = searched.Statistics();
        var budget = (long)(BudgetOf(unit.Variant.Small).Limits[0].Amount * 1e6);
        CostHistogramPlot.Save(statistics.Flops, "FLOPs", budget, Folder.PlotFile(unit.Id + ".flops"));
        MeanWidthPlot.Save(statistics, Folder.PlotFile(unit.Id + ".mean-widths"));
        WidthDistributionPlot.Save(statistics, Folder.PlotFile(unit.Id + ".width-distribution"));
        WidthPlot.Save(searched.ChannelConfig, Folder.PlotFile(unit.Id + ".widths"));
    }
}
