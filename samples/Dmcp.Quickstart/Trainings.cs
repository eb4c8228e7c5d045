using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp;

namespace Dmcp.Quickstart;

/// <summary>The pipelines of the demo: all networks see the same images and are trained equally long.</summary>
internal sealed class Trainings(
    Settings settings, MLContext ml, ImageSplit split, CheckpointFolder checkpoints, TensorBoardLog? board, CancellationToken cancellation)
{
    private readonly IDataView _training = ml.Data.LoadFromEnumerable(split.Training);
    private readonly IDataView _heldOut = ml.Data.LoadFromEnumerable(split.HeldOut);

    // Photographs are cropped at random while training, as usual; drawn shapes lie anywhere in their images as it is.
    private int CropPadding => settings.Data is null ? 0 : settings.ImageSize / 16;

    /// <summary>What prepares the images: every pipeline begins with it.</summary>
    private EstimatorChain<ITransformer> Images => new EstimatorChain<ITransformer>()
        .Append(ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(ml.Transforms.LoadImages("Features", imageFolder: null, inputColumnName: nameof(ImageFile.ImagePath)))
        .Append<ITransformer>(ml.Transforms.ResizeImages("Features", settings.ImageSize, settings.ImageSize));

    /// <summary>Searches widths within the budget and trains the network that has them, in one pipeline.</summary>
    public TrainedNetwork SearchAndRetrain()
    {
        var search = new DmcpSearchOptions
        {
            Network = NetworkZoo.Find(settings.Network),
            Budget = Budget.FlopsRatio(settings.FlopsShare),
            NumberOfEpochs = settings.SearchEpochs,
        };
        var model = RunProgress.During(progress => checkpoints.Use(() => Images
            .Append(ml.Transforms.DmcpSearch(Alike(search, "search", settings.Seed, progress)))
            .Append(Retrain("pruned", null, settings.Seed, progress))
            .Fit(_training)));
        return Compared("pruned", model.OfType<DmcpSearchTransformer>().Single().ChannelConfig, model);
    }

    /// <summary>Trains a network of given widths.</summary>
    public TrainedNetwork Train(string name, ChannelConfig config) => Compared(name, config, Fit(name, config, settings.Seed));

    /// <summary>Some held-out images, read and resized.</summary>
    public IReadOnlyList<InMemoryImage> ReadImages()
    {
        var prepared = Images.Fit(_heldOut).Transform(ml.Data.TakeRows(_heldOut, PredictionSpeed.Images));
        return InMemoryImage.Read(ml, prepared, settings.ImageSize);
    }

    private TransformerChain<ITransformer> Fit(string name, ChannelConfig config, int seed) =>
        RunProgress.During(progress => checkpoints.Use(() => Images.Append(Retrain(name, config, seed, progress)).Fit(_training)));

    /// <summary>Saves the model, measures its accuracy, and that of more trainings when several seeds are asked for.</summary>
    private TrainedNetwork Compared(string name, ChannelConfig config, TransformerChain<ITransformer> model)
    {
        var file = Path.Combine(settings.Output, name == "pruned" ? "model.zip" : name + ".zip");
        // Whole or not at all: a model of before is replaced only once the new one is written.
        ml.Model.Save(model, _training.Schema, file + ".tmp");
        File.Move(file + ".tmp", file, overwrite: true);
        var accuracies = new List<double> { AccuracyOf(model) };
        for (var i = 1; i < settings.Seeds; i++)
        {
            var other = Fit(name, config, settings.Seed + i);
            accuracies.Add(AccuracyOf(other));
            ((IDisposable)other).Dispose();
        }
        return new TrainedNetwork(name, config, model, file, new Sample(accuracies));
    }

    private double AccuracyOf(ITransformer model) => ml.MulticlassClassification.Evaluate(model.Transform(_heldOut)).MicroAccuracy;

    private IEstimator<ITransformer> Retrain(string name, ChannelConfig? config, int seed, RunProgress progress)
    {
        var options = new PrunedRetrainOptions { ChannelConfig = config, NumberOfEpochs = settings.TrainEpochs };
        var run = settings.Seeds == 1 ? name : FormattableString.Invariant($"{name}-seed{seed}");
        return ml.MulticlassClassification.Trainers.PrunedRetrain(Alike(options, run, seed, progress));
    }

    private TOptions Alike<TOptions>(TOptions options, string run, int seed, RunProgress progress) where TOptions : TrainingOptions
    {
        options.BatchSize = settings.BatchSize;
        options.Precision = settings.Precision;
        options.RandomHorizontalFlip = true;
        options.RandomCropPadding = CropPadding;
        options.Seed = seed;
        options.CheckpointPath = checkpoints.FileOf(run);
        options.MetricsCallback = progress.Show(run) + board?.Log(run);
        options.CancellationToken = cancellation;
        return options;
    }
}
