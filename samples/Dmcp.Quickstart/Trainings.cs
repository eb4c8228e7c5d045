using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>The pipelines of the demo: all networks see the same images and are trained equally long.</summary>
internal sealed class Trainings
{
    private readonly Settings _settings;
    private readonly MLContext _ml;
    private readonly CheckpointFolder _checkpoints;
    private readonly TensorBoardLog? _board;
    private readonly CancellationToken _cancellation;
    private readonly OnnxNetwork? _imported;
    private readonly NetworkArchitecture _network;
    private readonly NetworkDescription _unpruned;
    private readonly IDataView _training;
    private readonly IDataView _heldOut;

    public Trainings(
        Settings settings, MLContext ml, ImageSplit split, CheckpointFolder checkpoints, TensorBoardLog? board,
        CancellationToken cancellation)
    {
        (_settings, _ml, _checkpoints, _board, _cancellation) = (settings, ml, checkpoints, board, cancellation);
        _imported = settings.IsPretrained ? NetworkZoo.PretrainedResNet18() : null;
        _network = _imported?.Architecture ?? NetworkZoo.Find(settings.Network);
        var classes = split.HeldOut.Select(i => i.Label).Distinct().Count();
        _unpruned = _network.Describe(3, settings.ImageSize, settings.ImageSize, classes);
        _training = ml.Data.LoadFromEnumerable(split.Training);
        _heldOut = ml.Data.LoadFromEnumerable(split.HeldOut);
    }

    /// <summary>Columns of the images that models are given.</summary>
    public DataViewSchema Schema => _training.Schema;

    // Photographs are cropped at random while training, as usual; drawn shapes lie anywhere in their images as it is.
    private int CropPadding => _settings.Data is null ? 0 : _settings.ImageSize / 16;

    /// <summary>What prepares the images: every pipeline begins with it.</summary>
    private EstimatorChain<ITransformer> Images => new EstimatorChain<ITransformer>()
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(_ml.Transforms.LoadImages("Features", imageFolder: null, inputColumnName: nameof(ImageFile.ImagePath)))
        .Append<ITransformer>(_ml.Transforms.ResizeImages("Features", _settings.ImageSize, _settings.ImageSize));

    /// <summary>The whole network trained; where it is pre-trained, it is fine-tuned, and teaches the pruned ones.</summary>
    public TrainedNetwork TrainUnpruned(int seed)
    {
        var options = Retraining(UniformScaling.Find(_unpruned, Budget.FlopsRatio(1)));
        if (_imported is not null)
        {
            options.Method = RetrainMethod.FineTuning;
            _imported.Begin(options, _checkpoints.FileOf("imported"));
        }
        return Fitted("unpruned", seed, options);
    }

    /// <summary>Searches widths within the budget and trains the network that has them, in one pipeline: the main job.</summary>
    public TrainedNetwork SearchAndRetrain(int seed)
    {
        var search = new DmcpSearchOptions
        {
            Network = _network,
            Budget = Budget.FlopsRatio(_settings.FlopsShare),
            NumberOfEpochs = _settings.SearchEpochs,
            WeightsPath = WeightsOfUnpruned(seed),
        };
        var retraining = Retraining(null);
        var model = RunProgress.During(progress => _checkpoints.Use(() => Images
            .Append(_ml.Transforms.DmcpSearch(Alike(search, "search", seed, progress)))
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(Alike(retraining, "pruned", seed, progress)))
            .Fit(_training)));
        return Compared("pruned", model.OfType<DmcpSearchTransformer>().Single().ChannelConfig, model);
    }

    /// <summary>
    /// Trains the uniformly narrowed network of the same FLOPs, from the same weights; where the search's weights are taken over, for its
    /// epochs longer.
    /// </summary>
    public TrainedNetwork TrainUniform(int seed)
    {
        var options = Retraining(UniformScaling.Find(_unpruned, Budget.FlopsRatio(_settings.FlopsShare)));
        options.WeightsPath = WeightsOfUnpruned(seed);
        options.NumberOfEpochs += _imported is null ? 0 : _settings.SearchEpochs;
        return Fitted("uniform", seed, options);
    }

    /// <summary>Some held-out images, read and resized.</summary>
    public IReadOnlyList<InMemoryImage> ReadImages()
    {
        var prepared = Images.Fit(_heldOut).Transform(_ml.Data.TakeRows(_heldOut, PredictionSpeed.Images));
        return InMemoryImage.Read(_ml, prepared, _settings.ImageSize);
    }

    private string? WeightsOfUnpruned(int seed) => _imported is null ? null : _checkpoints.FileOf(RunOf("unpruned", seed));

    private TrainedNetwork Fitted(string name, int seed, PrunedRetrainOptions options) =>
        Compared(name, options.ChannelConfig!, RunProgress.During(progress => _checkpoints.Use(() => Images
            .Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(Alike(options, name, seed, progress)))
            .Fit(_training))));

    private TrainedNetwork Compared(string name, ChannelConfig config, ITransformer model) =>
        new(name, config, model, _ml.MulticlassClassification.Evaluate(model.Transform(_heldOut)).MicroAccuracy);

    private PrunedRetrainOptions Retraining(ChannelConfig? config) => new()
    {
        Network = _network,
        ChannelConfig = config,
        Method = _imported is null ? RetrainMethod.FromScratch : RetrainMethod.FineTuning,
        NumberOfEpochs = _settings.TrainEpochs,
    };

    private TOptions Alike<TOptions>(TOptions options, string name, int seed, RunProgress progress) where TOptions : TrainingOptions
    {
        var run = RunOf(name, seed);
        options.BatchSize = _settings.BatchSize;
        options.Precision = _settings.Precision;
        options.RandomHorizontalFlip = true;
        options.RandomCropPadding = CropPadding;
        options.Seed = seed;
        options.CheckpointPath = _checkpoints.FileOf(run);
        options.MetricsCallback = progress.Show(run) + _board?.Log(run);
        options.CancellationToken = _cancellation;
        return options;
    }

    private string RunOf(string name, int seed) => _settings.Seeds == 1 ? name : FormattableString.Invariant($"{name}-seed{seed}");
}
