using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Networks.Modules;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Progress;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp;

/// <summary>What all runs that train have in common: searches and retraining.</summary>
public abstract class TrainingOptions : ImageRunOptions
{
    internal const int DefaultNumberOfEpochs = 40;
    private const double UsualGradientNorm = 5;

    private static readonly LearningRateSchedule FreshWeights = new(Peak: 0.1, Final: 0, WarmUpFrom: 0.01, WarmUpShare: 0.05);
    private static readonly LearningRateSchedule GivenWeights = new(Peak: 0.01, Final: 0, WarmUpFrom: 0.001, WarmUpShare: 0.05);

    /// <summary>Passes over the training images. Default 40.</summary>
    public int NumberOfEpochs = DefaultNumberOfEpochs;

    /// <summary>
    /// Learning rate of the weights. When null (default), from 0.01 to 0.1 in the first 5 % of the iterations, then down to 0 by a cosine;
    /// a tenth of that where the run begins with given weights.
    /// </summary>
    public LearningRateSchedule? LearningRate;

    /// <summary>
    /// Factor of the learning rate for a classifier that begins fresh beside given weights, which were trained on other classes. Default 1:
    /// it has its warm-up, and higher rates make it unstable where features are large.
    /// </summary>
    public double ClassifierLearningRateFactor = 1;

    /// <summary>
    /// Epochs at the start in which such a classifier is trained alone, before its errors change the given weights; at least one epoch of
    /// all weights is left. Default 1.
    /// </summary>
    public int ClassifierWarmUpEpochs = 1;

    /// <summary>Nesterov momentum of SGD, in [0, 1). Default 0.9.</summary>
    public double Momentum = 0.9;

    /// <summary>Weight decay of convolutions and linear layers; biases, batch norms and α have none. Default 1e-4.</summary>
    public double WeightDecay = 1e-4;

    /// <summary>
    /// Largest norm of the gradient of all weights together: a longer one is shortened to it; infinity for no limit. When null (default),
    /// 5 where the run begins with given weights, which it steadies, times the networks whose gradients a step sums up, and no limit for
    /// fresh ones.
    /// </summary>
    public double? MaxGradientNorm;

    /// <summary>Share of the label's probability spread over all classes, in [0, 1). Default 0.</summary>
    public double LabelSmoothing;

    /// <summary>
    /// Weight of every class in the loss, by its name; classes that are left out weigh 1. Null (default) for equal weights, or those of
    /// <see cref="BalanceClasses"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double>? ClassWeights;

    /// <summary>Whether rare classes weigh more in the loss: images / (classes · images of the class). Off by default.</summary>
    public bool BalanceClasses;

    /// <summary>Whether every other training image is mirrored. Off by default; switch it on for photographs.</summary>
    public bool RandomHorizontalFlip;

    /// <summary>
    /// Pixels of black added around a training image before a window of its size is cut out at random. Default 0; 4 is usual for 32x32.
    /// </summary>
    public int RandomCropPadding;

    /// <summary>
    /// Whether a window of 8 to 100 % of a training image and of a random shape is cut out and resized to its size, as usual for ImageNet;
    /// in place of <see cref="RandomCropPadding"/>. Off by default.
    /// </summary>
    public bool RandomResizedCrop;

    /// <summary>How far the colours of training images are changed at random; null (default) for not at all.</summary>
    public ColorJitter? ColorJitter;

    /// <summary>
    /// In which numbers training computes; predictions and evaluations are always computed in 32 bits. Default
    /// <see cref="TrainingPrecision.Single"/>.
    /// </summary>
    public TrainingPrecision Precision = TrainingPrecision.Single;

    /// <summary>
    /// File in which the run keeps its state (weights, optimizers, α, random state, position), null (default) for none. A run that finds
    /// the file of the same run resumes from it, with the same result as if it had not been interrupted (processor, same number of
    /// threads). The file stays when the run is done: <see cref="ImageRunOptions.WeightsPath"/> of another run may name it.
    /// </summary>
    public string? CheckpointPath;

    /// <summary>
    /// Least time between two writings of the checkpoint. It is also written when the run is cancelled and when it ends. Default 1 minute.
    /// </summary>
    public TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Called about ten times an epoch, on the training thread; null (default) for nobody. See <see cref="ConsoleProgress"/> and
    /// <see cref="TensorBoardLog"/>.
    /// </summary>
    public Action<TrainingProgress>? MetricsCallback;

    /// <summary>Gets the last report of every epoch, also of those before a run was resumed.</summary>
    internal EpochHistory? History;

    /// <summary>
    /// The processes that train together (Microsoft.ML.Dmcp.Distributed); null (default) for this one alone. Each computes with its share
    /// of every batch of <see cref="ImageRunOptions.BatchSize"/> images, a multiple of their number, and all end with the same result.
    /// Every process reads all images and has all options; rank 0 logs, calls the <see cref="MetricsCallback"/> and writes the checkpoint,
    /// to a folder that all can read.
    /// </summary>
    public ICommunicator? Communicator;

    /// <summary>
    /// Whether batch norms compute with the mean and variance of the whole batch rather than of each process's share, where there are
    /// several: the result is that of one process, for more messages. On by default, as in the paper.
    /// </summary>
    public bool SynchronizedBatchNorm = true;

    internal AugmentationPlan Augmentation => new(RandomHorizontalFlip, RandomCropPadding, RandomResizedCrop, ColorJitter);

    internal ScalarType ComputingType => Precision == TrainingPrecision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;

    /// <summary>The learning rate that suits the weights, unless one is given.</summary>
    internal LearningRateSchedule Schedule => LearningRate ?? (WeightsPath is null ? FreshWeights : ScheduleOfGivenWeights);

    /// <summary>The learning rate that suits given weights.</summary>
    private protected virtual LearningRateSchedule ScheduleOfGivenWeights => GivenWeights;

    /// <summary>The largest norm of the gradient that suits the weights, unless one is given; null for no limit.</summary>
    internal double? GradientLimit => MaxGradientNorm is { } norm ? double.IsFinite(norm) ? norm : null
        : WeightsPath is null ? null : UsualGradientNorm * SummedGradients;

    /// <summary>How many networks' gradients a step sums up.</summary>
    private protected virtual int SummedGradients => 1;

    internal override int? SeedOfCheckpoint => CheckpointFile.IdentityOf(CheckpointPath)?.Seed;

    internal override void Check()
    {
        base.Check();
        Require(NumberOfEpochs >= 1, nameof(NumberOfEpochs), NumberOfEpochs, "1 or more");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "a number in [0, 1)");
        Require(WeightDecay is >= 0 and < 1, nameof(WeightDecay), WeightDecay, "a number in [0, 1)");
        Require(MaxGradientNorm is null or > 0, nameof(MaxGradientNorm), MaxGradientNorm, "a positive number, or null");
        Require(ClassifierLearningRateFactor is > 0 and <= 1e6, nameof(ClassifierLearningRateFactor), ClassifierLearningRateFactor,
            "a number from above 0 to 1e6");
        Require(ClassifierWarmUpEpochs >= 0, nameof(ClassifierWarmUpEpochs), ClassifierWarmUpEpochs, "0 or more");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "a number in [0, 1)");
        Require(RandomCropPadding >= 0, nameof(RandomCropPadding), RandomCropPadding, "0 or more");
        Require(!RandomResizedCrop || RandomCropPadding == 0, nameof(RandomCropPadding), RandomCropPadding,
            "0 when RandomResizedCrop is on: one of them crops");
        Require(ClassWeights is null || !BalanceClasses, nameof(BalanceClasses), BalanceClasses, "off when ClassWeights are given");
        foreach (var (name, weight) in ClassWeights ?? new Dictionary<string, double>())
            Require(weight is >= 1e-6 and <= 1e6, nameof(ClassWeights), Text($"{weight} for '{name}'"), "numbers from 1e-6 to 1e6");
        Require(ColorJitter is null || ColorJitter.IsValid, nameof(ColorJitter), ColorJitter,
            "brightness, contrast and saturation in [0, 1] and a hue in [0, 0.5]");
        RequireKnown(Precision, nameof(Precision));
        Require(CheckpointPath is null || !string.IsNullOrWhiteSpace(CheckpointPath), nameof(CheckpointPath), $"'{CheckpointPath}'",
            "a file name, or null for no checkpoints");
        Require(CheckpointInterval >= TimeSpan.Zero, nameof(CheckpointInterval), CheckpointInterval, "a time of 0 or more");
        LearningRate?.Check(nameof(LearningRate));
        if (Communicator is not { Size: > 1 } ranks)
            return;
        Require(BatchSize % ranks.Size == 0, nameof(BatchSize), BatchSize, Text($"a multiple of the {ranks.Size} ranks, which share it"));
        Require(SynchronizedBatchNorm || BatchSize >= 2 * ranks.Size, nameof(BatchSize), BatchSize,
            Text($"2 images or more for each of the {ranks.Size} ranks, since their batch norms need a batch, or a SynchronizedBatchNorm"));
    }

    /// <summary>Checks what depends on the classes of the images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A weight is for a class that there is not.</exception>
    internal override void CheckClasses(IReadOnlyList<string> names)
    {
        foreach (var name in ClassWeights?.Keys ?? Enumerable.Empty<string>())
            Require(names.Contains(name), nameof(ClassWeights), $"a weight for '{name}'",
                $"names of classes: {string.Join(", ", names.Take(20))}{(names.Count > 20 ? " ..." : "")}");
    }

    internal override void CheckFiles(bool weightsComeLater = false)
    {
        base.CheckFiles(weightsComeLater);
        if (CheckpointPath is not null && (Communicator?.Rank ?? 0) == 0)
            CheckpointFile.RequireWritable(CheckpointPath);
    }

    internal override SortedDictionary<string, string> ToSettings()
    {
        var settings = base.ToSettings();
        var crop = RandomResizedCrop ? "resized crop" : Text($"crop padding {RandomCropPadding}");
        var jitter = ColorJitter is null ? "" : $", colour jitter {ColorJitter}";
        settings["augmentation"] = Text($"flip {RandomHorizontalFlip}, {crop}{jitter}");
        settings["classWeights"] = BalanceClasses ? "balanced" : ClassWeights is null ? "equal"
            : string.Join(", ", ClassWeights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => Text($"{w.Key} {w.Value}")));
        settings["epochs"] = Text($"{NumberOfEpochs}");
        settings["labelSmoothing"] = Text($"{LabelSmoothing}");
        settings["learningRate"] = Text(Schedule);
        if (GradientLimit is { } norm)
            settings["maxGradientNorm"] = Text($"{norm}");
        settings["momentum"] = Text($"{Momentum}");
        settings["precision"] = Text($"{Precision}");
        settings["weightDecay"] = Text($"{WeightDecay}");
        if (!SynchronizedBatchNorm)
            settings["batchNorm"] = "of each rank";
        return settings;
    }

    /// <summary>The settings of a run on a network, whose classifier may be fresh beside given weights.</summary>
    internal SortedDictionary<string, string> ToSettings(SlimmableNetwork network)
    {
        var settings = ToSettings();
        if (network.FreshClassifier is not null)
            settings["freshClassifier"] = Text($"rate times {ClassifierLearningRateFactor}, alone for {ClassifierWarmUpEpochs} epochs");
        return settings;
    }

    private protected static string Text(LearningRateSchedule r) =>
        (r.WarmUpShare > 0 ? Text($"{r.WarmUpFrom} to {r.Peak} in the first {100 * r.WarmUpShare} %, then ") : Text($"{r.Peak} ")) +
        Text($"to {r.Final}");
}
