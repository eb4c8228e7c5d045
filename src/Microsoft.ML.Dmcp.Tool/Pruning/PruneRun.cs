using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Tool.Frame;
using Microsoft.ML.Dmcp.Tool.Release;

namespace Microsoft.ML.Dmcp.Tool.Pruning;

/// <summary>Searches widths and trains the pruned network on images; writes model, ONNX file, channel config and report.</summary>
/// <param name="run">The command.</param>
/// <param name="start">The unpruned network.</param>
/// <param name="images">The images.</param>
/// <param name="settings">How networks are trained.</param>
/// <param name="shared">Files that several budgets share: those of the unpruned network.</param>
internal sealed class PruneRun(
    CommandRun run, StartingNetwork start, ReleaseImages images, TrainingSettings settings, PrunedFiles shared)
{
    private const double Million = 1e6;
    private static readonly TimeSpan MeasuringTime = TimeSpan.FromSeconds(3);

    private readonly MLContext _ml = run.Context(settings.Seed);
    private double? _unprunedAccuracy;

    /// <summary>The unpruned network for these images.</summary>
    public NetworkDescription Network { get; } = start.Describe(settings.ImageSize, images.Classes.Count);

    /// <summary>Whether it begins with given weights.</summary>
    public bool HasWeights => start.SaveWeights is not null;

    /// <summary>The accuracy of a given network before it is pruned; null where there is none.</summary>
    public double? UnprunedAccuracy => _unprunedAccuracy;

    /// <summary>Searches widths within a budget, and trains them; null on ranks that leave the result to the first.</summary>
    public PruneResult? Prune(SearchSettings search, Budget budget, PrunedFiles files) => WithBars(show =>
    {
        BeginWithWhole(show);
        var searching = SearchChoice.Create(_ml.Transforms, search, budget, start.Architecture, options =>
        {
            Alike(options, files.Search, show("search"));
            if (start.SaveWeights is not null)
                options.WeightsPath = shared.Whole;
        });
        var model = Images().Append(searching).Append(_ml.Transforms.PrunedRetrain(Retraining(files, show))).Fit(Training);
        return Write(model, files, budget.ToString());
    });

    /// <summary>Trains given widths; null as for <see cref="Prune"/>.</summary>
    public PruneResult? Retrain(ChannelConfig config, PrunedFiles files) => WithBars(show =>
    {
        BeginWithWhole(show);
        var options = Retraining(files, show);
        options.ChannelConfig = config;
        if (start.SaveWeights is not null)
            options.WeightsPath = shared.Whole;
        return Write(Images().Append(_ml.Transforms.PrunedRetrain(options)).Fit(Training), files, budget: null);
    });

    /// <summary>What would be trained and roughly how long it would take.</summary>
    /// <param name="search">The search; null where widths are given.</param>
    /// <param name="range">The widths that it may give; null where it does not limit them.</param>
    /// <param name="widths">Widths of the pruned network, as far as they are known.</param>
    public (double Seconds, string Text) Estimate(SearchSettings? search, WidthRange? range, IReadOnlyList<int> widths)
    {
        run.Console.Note("Measuring the network ...");
        double Seconds(NetworkDescription network, long epochs) =>
            RoughTime.Training(network, epochs * images.Training.Count, settings.BatchSize, run.Cancellation);
        var whole = start.SaveWeights is null ? 0 : Seconds(Network, settings.WholeEpochs);
        var searching = search is null || !SearchChoice.Trains(search.Method) ? 0
            : range is not null
                ? RoughTime.Search(Network, range, (long)search.Epochs * images.Training.Count, settings.BatchSize, run.Cancellation)
                : Seconds(Network, search.Epochs);
        var seconds = whole + searching + Seconds(Network.AtWidths(widths), settings.Epochs);
        return (seconds, $"{images.Training.Count} images to train on and {images.Validation.Count} to measure on, "
            + $"{images.Classes.Count} classes, {settings.ImageSize}x{settings.ImageSize} pixels, roughly {RoughTime.Text(seconds)} "
            + "on this processor. Nothing was trained.");
    }

    private IDataView Training => _ml.Data.LoadFromEnumerable(images.Training);

    private IDataView HeldOut => _ml.Data.LoadFromEnumerable(images.Validation);

    private T WithBars<T>(Func<Func<string, Action<TrainingProgress>>, T> work)
    {
        try
        {
            return run.Console.During(work);
        }
        catch (OperationCanceledException e)
        {
            throw new StoppedException("Stopped. The same line goes on where it was.", e);
        }
    }

    /// <summary>Trains a given network on the images first, once: what the pruned one begins with and learns from.</summary>
    private void BeginWithWhole(Func<string, Action<TrainingProgress>> show)
    {
        if (start.SaveWeights is null || _unprunedAccuracy is not null)
            return;
        run.OnFirst(() => start.SaveWeights(shared.Imported));
        var options = new PrunedRetrainOptions
        {
            Network = start.Architecture,
            ChannelConfig = UniformScaling.Find(Network, Budget.FlopsRatio(1)),
            Method = RetrainMethod.FineTuning,
            NumberOfEpochs = settings.WholeEpochs,
            WeightsPath = shared.Imported,
        };
        Alike(options, shared.Whole, show("whole"));
        using var model = Images().Append(_ml.Transforms.PrunedRetrain(options)).Fit(Training);
        _unprunedAccuracy = _ml.MulticlassClassification.Evaluate(model.Transform(HeldOut)).MicroAccuracy;
    }

    private PrunedRetrainOptions Retraining(PrunedFiles files, Func<string, Action<TrainingProgress>> show)
    {
        var options = new PrunedRetrainOptions
        {
            Network = start.Architecture,
            Method = start.SaveWeights is null ? RetrainMethod.FromScratch : RetrainMethod.FineTuning,
            NumberOfEpochs = settings.Epochs,
        };
        Alike(options, files.Training, show("train"));
        return options;
    }

    private void Alike(ImageRunOptions options, string checkpoint, Action<TrainingProgress> show)
    {
        (options.BatchSize, options.Seed, options.NumberOfThreads) = (settings.BatchSize, settings.Seed, settings.Threads);
        options.CancellationToken = run.Cancellation;
        if (options is not TrainingOptions training)
            return;
        training.Communicator = run.Ranks;
        training.RandomHorizontalFlip = settings.Flips;
        training.CheckpointPath = checkpoint;
        training.MetricsCallback = show;
    }

    private PruneResult? Write(TransformerChain<PrunedNetworkTransformer> model, PrunedFiles files, string? budget)
    {
        using var network = model.LastTransformer;
        if (!run.IsFirst)
            return null;
        var config = network.ChannelConfig;
        WholeFile.Write(files.Model, path => _ml.Model.Save(model, HeldOut.Schema, path));
        _ml.Model.SaveAsOnnx(model, files.Onnx);
        config.Save(files.Config);
        var (before, after) = (Milliseconds(Network.FullWidths), Milliseconds(config.WidthsFor(Network)));
        var conditions = $"{LatencyEngine.OnnxRuntime.Name}, one thread, one image";
        var report = PruningReport.Create(model, HeldOut, new PruningReportOptions
        {
            MeasuredLatency = new MeasuredLatency(conditions, after, before),
            CancellationToken = run.Cancellation,
        });
        report.Save(files.Report);
        return new PruneResult
        {
            Network = config.Network, Method = config.Method.Name, Budget = budget,
            MFlops = config.Flops / Million, UnprunedMFlops = config.UnprunedFlops / Million,
            MParameters = config.Parameters / Million, UnprunedMParameters = config.UnprunedParameters / Million,
            Accuracy = report.Accuracy!.Value, UnprunedAccuracy = _unprunedAccuracy, HeldOutImages = images.Validation.Count,
            Milliseconds = after, UnprunedMilliseconds = before, Folder = Path.GetFullPath(files.Root),
        };
    }

    private double Milliseconds(IReadOnlyList<int> widths) => LatencyTable.MeasureNetwork(Network, widths, new LatencyOptions
    {
        Engine = LatencyEngine.OnnxRuntime, TimeLimit = MeasuringTime, CancellationToken = run.Cancellation,
    });

    private EstimatorChain<ITransformer> Images() => new EstimatorChain<ITransformer>()
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
        .Append(_ml.Transforms.LoadImages("Features", imageFolder: null, nameof(ImageFile.ImagePath)))
        .Append<ITransformer>(_ml.Transforms.ResizeImages("Features", settings.ImageSize, settings.ImageSize));
}
