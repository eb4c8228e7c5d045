using System.Globalization;
using System.Text.Json;
using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Networks;

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
        foreach (var inner in (string[])["results", "configs"])
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

    public void Keep(Unit unit, UnitResult result) => WholeFile.Write(ResultFile(unit), JsonSerializer.Serialize(result, Json));

    /// <summary>The unpruned network, its widths multiplied.</summary>
    public NetworkDescription Describe(double width) => Architecture(width).Describe(3, Settings.ImageSize, Settings.ImageSize, Classes);

    /// <summary>The budget in multiply-adds of the network at its own width, whatever the width of the unpruned one (Table 2).</summary>
    public Budget BudgetOf(bool? small) => small is null ? Budget.FlopsRatio(1)
        : Budget.MFlops((small.Value ? Settings.SmallFlopsShare : Settings.FlopsShare) * NetworkCost.Flops(Describe(1)).Count(Describe(1).FullWidths) / 1e6);

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

    /// <summary>Trains the network of a config and gives its accuracy on the held-out images.</summary>
    public double Train(Unit unit, ChannelConfig config, CancellationToken cancellation)
    {
        var options = new PrunedRetrainEstimator.Options { ChannelConfig = config, NumberOfEpochs = Settings.TrainEpochs, MetricsCallback = _progress.Show(unit.Id) };
        Common(options, unit, cancellation);
        var model = Images().Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(_training);
        using (model.LastTransformer)
            return _ml.MulticlassClassification.Evaluate(model.Transform(_heldOut)).MicroAccuracy;
    }

    private void Common(Microsoft.ML.Dmcp.Training.TrainingOptions options, Unit unit, CancellationToken cancellation)
    {
        options.BatchSize = Settings.BatchSize;
        options.RandomHorizontalFlip = true;
        options.RandomCropPadding = Settings.CropPadding;
        options.NumberOfThreads = Settings.Threads;
        options.Seed = unit.Seed;
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
