using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Dmcp;

namespace Dmcp.Samples.Shared;

/// <summary>Labelled images, a network, and how a part searches and trains on them: alike for all parts.</summary>
public sealed class ImageLaboratory
{
    private readonly LaboratorySettings _settings;
    private readonly IDataView _training;
    private readonly IDataView _heldOut;

    /// <summary>Finds the images; draws some where the settings name no folder.</summary>
    /// <param name="settings">Which images, how many, how long.</param>
    /// <param name="folder">Where checkpoints are kept.</param>
    public ImageLaboratory(LaboratorySettings settings, PartFolder folder)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(folder);
        (_settings, Folder) = (settings, folder);
        var files = ImageFolder.List(settings.Data ?? DrawnShapes.InFolder(folder.Path, settings.PerClass + settings.HeldOut));
        Classes = files.Select(f => f.Label).Distinct().Count();
        var split = ImageSplit.Of(files, settings.PerClass, settings.HeldOut);
        (TrainingImages, HeldOutImages) = (split.Training.Count, split.HeldOut.Count);
        _training = Context.Data.LoadFromEnumerable(split.Training);
        _heldOut = Context.Data.LoadFromEnumerable(split.HeldOut);
    }

    /// <summary>The context of all pipelines.</summary>
    public MLContext Context { get; } = new();

    /// <summary>Where results are kept.</summary>
    public PartFolder Folder { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Images that are trained on.</summary>
    public int TrainingImages { get; }

    /// <summary>Images that accuracy is measured on.</summary>
    public int HeldOutImages { get; }

    /// <summary>Multiply-adds of the unpruned network at its own width, in millions.</summary>
    public double UnprunedMFlops => Count(NetworkCost.Flops);

    /// <summary>Parameters of the unpruned network at its own width, in millions.</summary>
    public double UnprunedMParameters => Count(NetworkCost.Parameters);

    /// <summary>The unpruned network for these images, its widths multiplied.</summary>
    public NetworkDescription Describe(double width) => Architecture(width).Describe(3, _settings.ImageSize, _settings.ImageSize, Classes);

    /// <summary>The unpruned network, its widths multiplied.</summary>
    public NetworkArchitecture Architecture(double width)
    {
        var parts = _settings.Network.Split('@');
        var own = parts.Length > 1 ? double.Parse(parts[1], CultureInfo.InvariantCulture) : 1;
        return NetworkZoo.Find(own * width == 1 ? parts[0] : string.Create(CultureInfo.InvariantCulture, $"{parts[0]}@{own * width}"));
    }

    /// <summary>Searches.</summary>
    /// <param name="part">For which part.</param>
    /// <param name="search">The estimator of the method.</param>
    /// <param name="options">Its options; what is alike for all parts is set here.</param>
    /// <param name="report">Also receives the progress.</param>
    /// <param name="cancellation">Stops it.</param>
    public TTransformer Search<TTransformer>(
        Part part, Func<IEstimator<TTransformer>> search, ChannelSearchOptions options, Action<TrainingProgress>? report,
        CancellationToken cancellation)
        where TTransformer : ChannelSearchTransformer
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(options);
        options.NumberOfEpochs = _settings.SearchEpochs;
        return RunProgress.During(progress =>
        {
            Alike(options, part, report + progress.Show(part.Id), cancellation);
            return Images().Append(search()).Fit(_training).LastTransformer;
        });
    }

    /// <summary>
    /// Trains the network of a config; gives its accuracy on the held-out images, and on the training images in the last epoch.
    /// </summary>
    /// <param name="part">For which part.</param>
    /// <param name="config">The widths.</param>
    /// <param name="method">How.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="epochs">For how long; as long as the settings say when null.</param>
    /// <param name="moreEpochs">For how much longer.</param>
    /// <param name="unpruned">
    /// The part in whose checkpoint the weights of the unpruned network are, for methods that begin with them.
    /// </param>
    public (double Accuracy, double? Training) Train(
        Part part, ChannelConfig config, RetrainMethod method, CancellationToken cancellation, int? epochs = null, int moreEpochs = 0,
        Part? unpruned = null)
    {
        double? training = null;
        var options = new PrunedRetrainOptions { ChannelConfig = config, Method = method };
        options.NumberOfEpochs = (epochs ?? _settings.TrainEpochs) + moreEpochs;
        if (unpruned is not null)
            options.WeightsPath = Folder.CheckpointFile(unpruned);
        var model = RunProgress.During(progress =>
        {
            Alike(options, part, progress.Show(part.Id) + (p => training = p.Accuracy), cancellation);
            return Images().Append(Context.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(_training);
        });
        using (model.LastTransformer)
            return (Context.MulticlassClassification.Evaluate(model.Transform(_heldOut)).MicroAccuracy, training);
    }

    private double Count(Func<NetworkDescription, NetworkCost> cost)
    {
        var network = Describe(1);
        return cost(network).Count(network.FullWidths) / 1e6;
    }

    private void Alike(TrainingOptions options, Part part, Action<TrainingProgress> report, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(part);
        options.BatchSize = _settings.BatchSize;
        if (_settings.LearningRate is { } rate && options.WeightsPath is null)
            options.LearningRate = new LearningRateSchedule(rate, Final: 0, WarmUpFrom: rate / 10, WarmUpShare: 0.05);
        options.RandomHorizontalFlip = true;
        // Photographs are cropped at random while training, as usual; drawn shapes lie anywhere in their images as it is.
        options.RandomCropPadding = _settings.Data is null ? 0 : _settings.ImageSize / 16;
        options.NumberOfThreads = _settings.Threads;
        options.Seed = part.Seed;
        options.CheckpointPath ??= Folder.CheckpointFile(part);
        options.MetricsCallback = report;
        options.CancellationToken = cancellation;
    }

    private IEstimator<ITransformer> Images() => Context.Transforms.Conversion.MapValueToKey("Label")
        .Append(Context.Transforms.LoadImages("Features", imageFolder: null, inputColumnName: nameof(ImageFile.ImagePath)))
        .Append(Context.Transforms.ResizeImages("Features", _settings.ImageSize, _settings.ImageSize));
}
