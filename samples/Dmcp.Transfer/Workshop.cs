using System.Diagnostics;
using Dmcp.Samples.Shared;
using Microsoft.ML;
using Microsoft.ML.Dmcp;

namespace Dmcp.Transfer;

/// <summary>The images, the imported network, and how a part searches and trains with them: alike for all parts.</summary>
internal sealed class Workshop
{
    private const int FastMultiple = 16;

    private readonly MLContext _ml = new();
    private readonly IDataView _training;
    private readonly IDataView _heldOut;

    public Workshop(TransferSettings settings, PartFolder folder)
    {
        (Settings, Folder) = (settings, folder);
        Imported = settings.Onnx is null ? NetworkZoo.PretrainedResNet18() : OnnxNetwork.Load(settings.Onnx);
        var files = ImageFolder.List(settings.Data ?? DrawnShapes.InFolder(folder.Path, perClass: 60));
        var classes = files.GroupBy(f => f.Label).Select(g => g.ToArray()).ToArray();
        int HeldOut(ImageFile[] images) => (int)(settings.HeldOutShare * images.Length);
        var (training, heldOut) = (
            classes.SelectMany(c => c.SkipLast(HeldOut(c))).ToArray(), classes.SelectMany(c => c.TakeLast(HeldOut(c))).ToArray());
        (TrainingImages, HeldOutImages) = (training.Length, heldOut.Length);
        _training = _ml.Data.LoadFromEnumerable(training);
        _heldOut = _ml.Data.LoadFromEnumerable(heldOut);
        Unpruned = Imported.Architecture.Describe(3, settings.ImageSize, settings.ImageSize, classes.Length);
    }

    public TransferSettings Settings { get; }

    public PartFolder Folder { get; }

    public OnnxNetwork Imported { get; }

    /// <summary>The imported network for these images and classes.</summary>
    public NetworkDescription Unpruned { get; }

    public int TrainingImages { get; }

    public int HeldOutImages { get; }

    /// <summary>The times of the network's layers in ONNX Runtime, on one thread and one image at a time; measured once.</summary>
    public LatencyTable Times()
    {
        var file = Path.Combine(Folder.Path, "times.json");
        if (!File.Exists(file))
            LatencyTable.Measure(Unpruned, new LatencyOptions { Engine = LatencyEngine.OnnxRuntime }).Save(file);
        return LatencyTable.Load(file);
    }

    /// <summary>What widths are multiples of: the channels that kernels compute at once where time counts.</summary>
    public int MultipleFor(BudgetShares budget) => budget.Latency is null ? 1 : FastMultiple;

    /// <summary>The uniform widths within a budget.</summary>
    public ChannelConfig UniformWithin(BudgetShares budget) =>
        UniformScaling.Find(Unpruned, budget.ToBudget(Times), MultipleFor(budget));

    /// <summary>Where the imported weights are written to.</summary>
    public string ImportedWeights => Path.Combine(Folder.Path, "checkpoints", "imported");

    /// <summary>The ONNX file of a part's network.</summary>
    public string OnnxFile(Part part) => Path.Combine(Folder.Path, "checkpoints", $"{part.Id}.onnx");

    public ChannelConfig Search(TransferPart part, ChannelSearchOptions options, CancellationToken cancellation) =>
        RunProgress.During(progress =>
        {
            Alike(options, part, progress, cancellation);
            return options is FilterPruningOptions filters
                ? Found(_ml.Transforms.FilterPruning(filters))
                : Found(_ml.Transforms.DmcpSearch((DmcpSearchOptions)options));
        });

    /// <summary>Trains a network, measures it on the held-out images, and writes it as ONNX.</summary>
    public PartResult Train(TransferPart part, PrunedRetrainOptions options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var model = RunProgress.During(progress =>
        {
            Alike(options, part, progress, cancellation);
            return Images().Append(_ml.MulticlassClassification.Trainers.PrunedRetrain(options)).Fit(_training);
        });
        using var network = model.LastTransformer;
        var seconds = Folder.SecondsBefore(part) + watch.Elapsed.TotalSeconds;
        _ml.Model.SaveAsOnnx(model, OnnxFile(part));
        var accuracy = _ml.MulticlassClassification.Evaluate(model.Transform(_heldOut)).MicroAccuracy;
        Console.WriteLine(FormattableString.Invariant($"{part.Id}: {100 * accuracy:0.0} % of {HeldOutImages} held-out images"));
        return new PartResult
        {
            Accuracy = accuracy,
            MFlops = network.ChannelConfig.Flops * 1e-6,
            MParameters = network.ChannelConfig.Parameters * 1e-6,
            Megabytes = new FileInfo(OnnxFile(part)).Length * 1e-6,
            Seconds = seconds,
        };
    }

    private ChannelConfig Found<T>(IEstimator<T> search) where T : ChannelSearchTransformer =>
        Images().Append(search).Fit(_training).LastTransformer.ChannelConfig;

    private void Alike(TrainingOptions options, TransferPart part, RunProgress progress, CancellationToken cancellation)
    {
        options.BatchSize = Settings.BatchSize;
        options.RandomHorizontalFlip = true;
        options.NumberOfThreads = Settings.Threads;
        options.Seed = part.Draws;
        options.CheckpointPath = Folder.CheckpointFile(part);
        options.MetricsCallback = progress.Show(part.Id);
        options.CancellationToken = cancellation;
    }

    private IEstimator<ITransformer> Images() => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.LoadImages("Features", imageFolder: null, inputColumnName: nameof(ImageFile.ImagePath)))
        .Append(_ml.Transforms.ResizeImages("Features", Settings.ImageSize, Settings.ImageSize));
}
