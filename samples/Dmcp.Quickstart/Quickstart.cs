using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>Search, retrain, compare, save: the whole job, as a user of the library would write it.</summary>
internal sealed class Quickstart(Settings settings, CancellationToken cancellation)
{
    private readonly MLContext _ml = new(settings.Seed);
    private readonly ConsoleProgress _progress = new();

    // Photographs are cropped at random while training, as usual; drawn shapes lie anywhere in their images as it is.
    private int CropPadding => settings.Data is null ? 0 : settings.ImageSize / 16;

    public void Run()
    {
        using var board = settings.TensorBoard is null ? null : new TensorBoardLog(settings.TensorBoard);
        Action<TrainingProgress> Progress(string name) => _progress.Show(name) + board?.Log(name);
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        Directory.CreateDirectory(settings.Output);
        var files = ImageFolder.List(settings.Data ?? DrawShapes());
        var split = ImageSplit.Of(files, settings.PerClass, settings.HeldOut);
        var classes = files.Select(f => f.Label).Distinct().Count();
        Console.WriteLine($"{split.Training.Count} training and {split.HeldOut.Count} held-out images of {classes} classes, {settings.ImageSize}x{settings.ImageSize} pixels; network {settings.Network}");
        var training = _ml.Data.LoadFromEnumerable(split.Training);
        var heldOut = _ml.Data.LoadFromEnumerable(split.HeldOut);

        var images = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.LoadImages("Features", imageFolder: null, inputColumnName: nameof(ImageFile.ImagePath)))
            .Append(_ml.Transforms.ResizeImages("Features", settings.ImageSize, settings.ImageSize));

        // The main job: one pipeline that searches, retrains what it found, and predicts.
        var pruned = images
            .Append(_ml.Transforms.DmcpSearch(SearchOptions(Progress("search"))))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(RetrainOptions(Progress("pruned"), null)))
            .Fit(training);
        var config = pruned.OfType<DmcpSearchTransformer>().Single().ChannelConfig;
        var configFile = Path.Combine(settings.Output, "channel-config.json");
        var modelFile = Path.Combine(settings.Output, "model.zip");
        var plotFile = Path.Combine(settings.Output, "widths.svg");
        config.Save(configFile);
        // Whole or not at all: a model of before is replaced only once the new one is written.
        _ml.Model.Save(pruned, training.Schema, modelFile + ".tmp");
        File.Move(modelFile + ".tmp", modelFile, overwrite: true);
        WidthPlot.Save(config, plotFile);

        // The baselines: the unpruned network, and the one narrowed uniformly to the same FLOPs, trained equally long.
        var network = NetworkZoo.Find(settings.Network).Describe(3, settings.ImageSize, settings.ImageSize, classes);
        var results = new List<Comparison> { Compare("pruned (DMCP)", config, pruned, heldOut) };
        foreach (var (name, baseline) in new[] { ("uniform", UniformScaling.Find(network, Budget.MFlops(config.Flops / 1e6))), ("unpruned", UniformScaling.Find(network, Budget.FlopsRatio(1))) })
        {
            var model = images.Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(RetrainOptions(Progress(name), baseline))).Fit(training);
            results.Insert(0, Compare(name, baseline, model, heldOut));
        }

        Report.Groups(config);
        Report.Comparison(results, split.HeldOut.Count);
        foreach (var warning in warnings.Distinct())
            Console.WriteLine($"warning: {warning}");
        PredictOne(modelFile, split.HeldOut[0]);
        Console.WriteLine($"model:          {modelFile}");
        Console.WriteLine($"channel config: {configFile}");
        Console.WriteLine($"plot of widths: {plotFile}");
        if (board is not null)
            Console.WriteLine($"curves:         tensorboard --logdir {board.Folder}");
    }

    private DmcpSearchOptions SearchOptions(Action<TrainingProgress> progress) => new()
    {
        Network = NetworkZoo.Find(settings.Network),
        Budget = Budget.FlopsRatio(settings.FlopsShare),
        NumberOfEpochs = settings.SearchEpochs,
        BatchSize = settings.BatchSize,
        Precision = settings.Precision,
        RandomHorizontalFlip = true,
        RandomCropPadding = CropPadding,
        MetricsCallback = progress,
        CancellationToken = cancellation,
    };

    private PrunedRetrainOptions RetrainOptions(Action<TrainingProgress> progress, ChannelConfig? config) => new()
    {
        ChannelConfig = config,
        NumberOfEpochs = settings.TrainEpochs,
        BatchSize = settings.BatchSize,
        Precision = settings.Precision,
        RandomHorizontalFlip = true,
        RandomCropPadding = CropPadding,
        MetricsCallback = progress,
        CancellationToken = cancellation,
    };

    private Comparison Compare(string name, ChannelConfig config, ITransformer model, IDataView heldOut) =>
        new(name, config.Flops, config.Parameters, _ml.MulticlassClassification.Evaluate(model.Transform(heldOut)).MicroAccuracy);

    private void PredictOne(string modelFile, ImageFile image)
    {
        var model = _ml.Model.Load(modelFile, out _);
        using var engine = _ml.Model.CreatePredictionEngine<ImageFile, Prediction>(model);
        var prediction = engine.Predict(image);
        var classes = ((IEnumerable<ITransformer>)model).OfType<PrunedNetworkTransformer>().Single().ClassNames;
        if (prediction.PredictedLabel == 0)
            throw new InvalidDataException($"'{image.ImagePath}' could not be read.");
        Console.WriteLine($"prediction:     {image.ImagePath} is '{classes[(int)prediction.PredictedLabel - 1]}' with probability {prediction.Score.Max():0.00} (by the saved model)");
    }

    private string DrawShapes()
    {
        var folder = Path.Combine(settings.Output, "drawn-shapes");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        DrawnShapes.WriteFolder(folder, 200 + settings.HeldOut, settings.Seed);
        return folder;
    }
}
