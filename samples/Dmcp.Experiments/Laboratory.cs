using System.Globalization;
using System.Text.Json;
using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Training;

namespace Dmcp.Experiments;

/// <summary>The images, the folder of results, and how a unit searches and trains.</summary>
internal sealed class Laboratory
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    private readonly MLContext _ml = new();
    private readonly ConsoleProgress _progress = new();
    private readonly IDataView _training;
    private readonly IDataView _heldOut;

    public Laboratory(Settings settings, string folder)
    {
        (Settings, Folder) = (settings, folder);
        settings.Bind(folder);
        foreach (var inner in (string[])["results", "configs", "plots", "checkpoints"])
            Directory.CreateDirectory(Path.Combine(folder, inner));
        var files = ImageFolder.List(settings.Data ?? DrawShapes());
        Classes = files.Select(f => f.Label).Distinct().Count();
        var split = ImageSplit.Of(files, settings.PerClass, settings.HeldOut);
        (TrainingImages, HeldOutImages) = (split.Training.Count, split.HeldOut.Count);
        _training = _ml.Data.LoadFromEnumerable(split.Training);
        _heldOut = _ml.Data.LoadFromEnumerable(split.HeldOut);
    }

    public Settings Settings { get; }

    public string Folder { get; }

    public int Classes { get; }

    public int TrainingImages { get; }

    public int HeldOutImages { get; }

    public string ConfigFile(SearchUnit search, string structure) => Path.Combine(Folder, "configs", $"{search.Id}.{structure}.json");

    public string ResultFile(Unit unit) => Path.Combine(Folder, "results", $"{unit.Id}.json");

    /// <summary>The result of a unit; null while it is not done.</summary>
    public UnitResult? ResultOf(Unit unit) => File.Exists(ResultFile(unit)) ? JsonSerializer.Deserialize<UnitResult>(File.ReadAllText(ResultFile(unit))) : null;

    /// <summary>Keeps the result of a unit that is done; its checkpoint goes unless another unit needs it.</summary>
    public void Keep(Unit unit, UnitResult result)
    {
        WholeFile.Write(ResultFile(unit), JsonSerializer.Serialize(result, Json));
        if (!unit.KeepsCheckpoint)
            File.Delete(CheckpointFile(unit));
    }

    public string CheckpointFile(Unit unit) => Path.Combine(Folder, "checkpoints", unit.Id);

    public string PlotFile(string name) => Path.Combine(Folder, "plots", name + ".svg");

    /// <summary>Millions of multiply-adds of the network at its own width.</summary>
    public double UnprunedMFlops => NetworkCost.Flops(Describe(1)).Count(Describe(1).FullWidths) / 1e6;

    /// <summary>The unpruned network, its widths multiplied.</summary>
    public NetworkDescription Describe(double width) => Architecture(width).Describe(3, Settings.ImageSize, Settings.ImageSize, Classes);

    /// <summary>The budget in multiply-adds of the network at its own width, whatever the width of the unpruned one (Table 2).</summary>
    public Budget BudgetOf(bool? small) => small is null ? Budget.FlopsRatio(1)
        : Budget.MFlops((small.Value ? Settings.SmallFlopsShare : Settings.FlopsShare) * UnprunedMFlops);

    /// <summary>Searches; gives the transformer and the expected cost at the end, in millions.</summary>
    public (DmcpSearchTransformer Searched, double? Expected) Search(SearchUnit unit, CancellationToken cancellation)
    {
        double? expected = null;
        var show = _progress.Show(unit.Id);
        var options = new DmcpSearchEstimator.Options
        {
            Network = Architecture(unit.Variant.Width),
            Budget = BudgetOf(unit.Variant.Small),
            NumberOfEpochs = Settings.SearchEpochs,
            MetricsCallback = progress =>
            {
                expected = progress.Costs.FirstOrDefault()?.Expected ?? expected;
                show(progress);
            },
        };
        Common(options, unit, cancellation);
        unit.Variant.Change(options);
        return (Images().Append(_ml.Transforms.DmcpSearch(options)).Fit(_training).LastTransformer, expected);
    }

    /// <summary>Trains the network of a config; gives its accuracy on the held-out images, and on the training images in the last epoch.</summary>
    public (double Accuracy, double? Training) Train(Unit unit, ChannelConfig config, RetrainMethod method, CancellationToken cancellation)
    {
        double? training = null;
        var show = _progress.Show(unit.Id);
        var options = new PrunedRetrainEstimator.Options
        {
            ChannelConfig = config,
            Method = method,
            NumberOfEpochs = Settings.TrainEpochs,
            MetricsCallback = progress =>
            {
                training = progress.Accuracy;
                show(progress);
            },
        };
        Common(options, unit, cancellation);
        var model = Images().Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(_training);
        using (model.LastTransformer)
            return (_ml.MulticlassClassification.Evaluate(model.Transform(_heldOut)).MicroAccuracy, training);
    }

    /// <summary>Searches with frozen, trained weights, random α and the task loss alone; gives cost and accuracy on the way.</summary>
    public IReadOnlyList<RecoveryPoint> Recover(RecoverabilityUnit unit, CancellationToken cancellation)
    {
        var curve = new List<RecoveryPoint>();
        var show = _progress.Show(unit.Id);
        var (epoch, batches, right) = (0, 0, 0.0);
        var options = new DmcpSearchEstimator.Options
        {
            Network = Architecture(1),
            Budget = Budget.FlopsRatio(1),
            NumberOfEpochs = Settings.SearchEpochs,
            WarmUpShare = 0,
            WeightsTrainDuringSearch = false,
            BudgetLossWeight = 0,
            InitialAlpha = 0,
            InitialAlphaDeviation = 1,
            WeightsPath = CheckpointFile(unit.Pretrained),
            MetricsCallback = p =>
            {
                // The accuracy that is reported is the mean over the epoch so far; a point of the curve is the mean since the point before.
                if (p.Epoch != epoch)
                    (epoch, batches, right) = (p.Epoch, 0, 0);
                curve.Add(new RecoveryPoint((p.Epoch - 1) * p.Batches + p.Batch, p.Costs[0].Expected, (p.Accuracy * p.Batch - right) / (p.Batch - batches)));
                (batches, right) = (p.Batch, p.Accuracy * p.Batch);
                show(p);
            },
        };
        Common(options, unit, cancellation);
        // Its points are kept in memory only: an interrupted run of it begins anew.
        options.CheckpointPath = null;
        Images().Append(_ml.Transforms.DmcpSearch(options)).Fit(_training);
        return curve;
    }

    /// <summary>Draws what the authors' release draws after a search.</summary>
    public void PlotStatistics(SearchUnit unit, DmcpSearchTransformer searched)
    {
        var statistics = searched.Statistics();
        CostHistogramPlot.Save(statistics.Flops, "FLOPs", (long)(BudgetOf(unit.Variant.Small).Limits[0].Amount * 1e6), PlotFile(unit.Id + ".flops"));
        MeanWidthPlot.Save(statistics, PlotFile(unit.Id + ".mean-widths"));
        WidthDistributionPlot.Save(statistics, PlotFile(unit.Id + ".width-distribution"));
        WidthPlot.Save(searched.ChannelConfig, PlotFile(unit.Id + ".widths"));
    }

    private void Common(TrainingOptions options, Unit unit, CancellationToken cancellation)
    {
        options.BatchSize = Settings.BatchSize;
        options.RandomHorizontalFlip = true;
        options.RandomCropPadding = Settings.CropPadding;
        options.NumberOfThreads = Settings.Threads;
        options.Seed = unit.Seed;
        options.CheckpointPath = CheckpointFile(unit);
        options.CancellationToken = cancellation;
    }

    private IEstimator<ITransformer> Images() => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.LoadImages("Features", imageFolder: null, inputColumnName: nameof(ImageFile.ImagePath)))
        .Append(_ml.Transforms.ResizeImages("Features", Settings.ImageSize, Settings.ImageSize));

    private NetworkArchitecture Architecture(double width)
    {
        var parts = Settings.Network.Split('@');
        var own = parts.Length > 1 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        return NetworkZoo.Find(own * width == 1 ? parts[0] : string.Create(CultureInfo.InvariantCulture, $"{parts[0]}@{own * width}"));
    }

    private string DrawShapes()
    {
        var folder = Path.Combine(Folder, "drawn-shapes");
        if (!File.Exists(Path.Combine(folder, "complete")))
        {
            DrawnShapes.WriteFolder(folder, Settings.PerClass + Settings.HeldOut, seed: 1);
            File.WriteAllText(Path.Combine(folder, "complete"), "");
        }
        return folder;
    }
}
