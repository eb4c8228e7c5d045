using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Augmentation;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Optimization;

namespace Microsoft.ML.Dmcp;

/// <summary>What a search and a training have in common.</summary>
public abstract class TrainingOptions
{
    internal const int DefaultNumberOfEpochs = 40;

    /// <summary>Passes over the training images.</summary>
    public int NumberOfEpochs = DefaultNumberOfEpochs;

    /// <summary>Images of one step.</summary>
    public int BatchSize = 64;

    /// <summary>Learning rate of the weights.</summary>
    public LearningRateSchedule LearningRate = new(Peak: 0.1, Final: 0, WarmUpFrom: 0.01, WarmUpShare: 0.05);

    /// <summary>Nesterov momentum of SGD, in [0, 1).</summary>
    public double Momentum = 0.9;

    /// <summary>Weight decay of convolutions and linear layers; biases, batch norms and α have none.</summary>
    public double WeightDecay = 1e-4;

    /// <summary>Share of the label's probability spread over all classes, in [0, 1).</summary>
    public double LabelSmoothing;

    /// <summary>
    /// Weight of every class in the loss, by its name; classes that are left out weigh 1. Null for equal weights, or those of
    /// <see cref="BalanceClasses"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double>? ClassWeights;

    /// <summary>Whether rare classes weigh more in the loss: images / (classes · images of the class).</summary>
    public bool BalanceClasses;

    /// <summary>Whether every other training image is mirrored.</summary>
    public bool RandomHorizontalFlip;

    /// <summary>Pixels of black added around a training image before a window of its size is cut out at random; 4 is usual for 32x32.</summary>
    public int RandomCropPadding;

    /// <summary>
    /// Whether a window of 8 to 100 % of a training image and of a random shape is cut out and resized to its size, as usual for ImageNet;
    /// in place of <see cref="RandomCropPadding"/>.
    /// </summary>
    public bool RandomResizedCrop;

    /// <summary>How far the colours of training images are changed at random; null for not at all.</summary>
    public ColorJitter? ColorJitter;

    /// <summary>Mean of every colour that is taken from the pixels, in their units; computed from the training images when null.</summary>
    public IReadOnlyList<float>? PixelMean;

    /// <summary>Standard deviation of every colour that the pixels are divided by, in their units; computed from the training images when null.</summary>
    public IReadOnlyList<float>? PixelDeviation;

    /// <summary>Seed of weights, order and sampling; that of the <c>MLContext</c> when null.</summary>
    public int? Seed;

    /// <summary>In which numbers is computed while training; predictions and evaluations are always computed in 32 bits.</summary>
    public TrainingPrecision Precision = TrainingPrecision.Single;

    /// <summary>Threads of libtorch; all processors when null.</summary>
    public int? NumberOfThreads;

    /// <summary>Order of the elements where images come as a vector.</summary>
    public PixelLayout VectorLayout = PixelLayout.Planar;

    /// <summary>Height of images that come as a vector; null for square ones.</summary>
    public int? ImageHeight;

    /// <summary>Width of images that come as a vector; null for square ones.</summary>
    public int? ImageWidth;

    /// <summary>
    /// File in which the run keeps its state (weights, optimizers, α, random state, position), null for none. A run that finds the file of the
    /// same run goes on from it, with the same result as if it had not been interrupted (processor, same number of threads). It stays when the
    /// run is done: <see cref="WeightsPath"/> of another run may name it.
    /// </summary>
    public string? CheckpointPath;

    /// <summary>Least time between two writings of the checkpoint. It is also written when the run is cancelled and when it ends.</summary>
    public TimeSpan CheckpointInterval = TimeSpan.FromMinutes(1);

    /// <summary>Checkpoint of a search or training of the same unpruned network, whose weights this run begins with; null for fresh ones.</summary>
    public string? WeightsPath;

    /// <summary>Batches on which a sub-network's batch norms are calibrated before it is evaluated, as a cumulative average.</summary>
    public int CalibrationBatches = 5;

    /// <summary>Called about ten times an epoch, on the training thread.</summary>
    public Action<TrainingProgress>? MetricsCallback;

    /// <summary>
    /// Ends the run with an <see cref="OperationCanceledException"/>, after its checkpoint was written. So does the cancellation of the
    /// <c>MLContext</c>, as AutoML does it.
    /// </summary>
    public CancellationToken CancellationToken;

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A field is out of its range; the message names it, its value and the range.</exception>
    internal virtual void Check()
    {
        Require(NumberOfEpochs >= 1, nameof(NumberOfEpochs), NumberOfEpochs, "1 or more");
        Require(BatchSize >= 2, nameof(BatchSize), BatchSize, "2 or more, since batch norm needs a batch");
        Require(Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "a number in [0, 1)");
        Require(WeightDecay is >= 0 and < 1, nameof(WeightDecay), WeightDecay, "a number in [0, 1)");
        Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "a number in [0, 1)");
        Require(RandomCropPadding >= 0, nameof(RandomCropPadding), RandomCropPadding, "0 or more");
        Require(!RandomResizedCrop || RandomCropPadding == 0, nameof(RandomCropPadding), RandomCropPadding, "0 when RandomResizedCrop is on: one of them crops");
        Require(ClassWeights is null || !BalanceClasses, nameof(BalanceClasses), BalanceClasses, "off when ClassWeights are given");
        foreach (var (name, weight) in ClassWeights ?? new Dictionary<string, double>())
            Require(weight is >= 1e-6 and <= 1e6, nameof(ClassWeights), Text($"{weight} for '{name}'"), "numbers from 1e-6 to 1e6");
        Require(PixelMean is null == PixelDeviation is null, nameof(PixelDeviation), PixelDeviation is null ? "null" : "given", "given together with PixelMean, or neither");
        Require(PixelMean is null || PixelMean.All(float.IsFinite), nameof(PixelMean), string.Join(' ', PixelMean ?? []), "finite numbers, one a colour");
        Require(PixelDeviation is null || PixelDeviation.All(d => d > 0 && float.IsFinite(d)), nameof(PixelDeviation), string.Join(' ', PixelDeviation ?? []), "positive numbers, one a colour");
        Require(ColorJitter is null || ColorJitter.IsValid, nameof(ColorJitter), ColorJitter, "brightness, contrast and saturation in [0, 1] and a hue in [0, 0.5]");
        Require(NumberOfThreads is null or >= 1, nameof(NumberOfThreads), NumberOfThreads, "1 or more, or null for all processors");
        Require(ImageHeight is null or >= 1, nameof(ImageHeight), ImageHeight, "1 or more, or null");
        Require(ImageWidth is null or >= 1, nameof(ImageWidth), ImageWidth, "1 or more, or null");
        Require(ImageHeight is null == ImageWidth is null, nameof(ImageWidth), ImageWidth, "given together with ImageHeight, or neither");
        RequireKnown(VectorLayout, nameof(VectorLayout));
        RequireKnown(Precision, nameof(Precision));
        Require(CheckpointPath is null || !string.IsNullOrWhiteSpace(CheckpointPath), nameof(CheckpointPath), $"'{CheckpointPath}'", "a file name, or null for no checkpoints");
        Require(CheckpointInterval >= TimeSpan.Zero, nameof(CheckpointInterval), CheckpointInterval, "a time of 0 or more");
        Require(WeightsPath is null || !string.IsNullOrWhiteSpace(WeightsPath), nameof(WeightsPath), $"'{WeightsPath}'", "the name of a checkpoint file, or null for fresh weights");
        Require(CalibrationBatches >= 1, nameof(CalibrationBatches), CalibrationBatches, "1 or more");
        Require(LearningRate is not null, nameof(LearningRate), LearningRate, "a schedule");
        LearningRate!.Check(nameof(LearningRate));
    }

    /// <summary>A copy, which later changes of these options do not reach.</summary>
    internal T Copy<T>() where T : TrainingOptions => (T)MemberwiseClone();

    /// <summary>Checks the files that the options name, before anything is computed.</summary>
    /// <param name="weightsComeLater">Whether something that runs before may write the file of <see cref="WeightsPath"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The file of the weights does not exist.</exception>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    internal void CheckFiles(bool weightsComeLater = false)
    {
        Require(WeightsPath is null || weightsComeLater || DurableFile.Exists(WeightsPath), nameof(WeightsPath), $"'{WeightsPath}'", "the name of a checkpoint file that exists, or null for fresh weights");
        if (CheckpointPath is not null)
            CheckpointFile.RequireWritable(CheckpointPath);
    }

    /// <summary>The settings that decide the result, as text for channel configs and checkpoints.</summary>
    internal virtual SortedDictionary<string, string> ToSettings() => new(StringComparer.Ordinal)
    {
        ["augmentation"] = Text($"flip {RandomHorizontalFlip}, {(RandomResizedCrop ? "resized crop" : Text($"crop padding {RandomCropPadding}"))}{(ColorJitter is null ? "" : $", colour jitter {ColorJitter}")}"),
        ["classWeights"] = BalanceClasses ? "balanced" : ClassWeights is null ? "equal" : string.Join(", ", ClassWeights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => Text($"{w.Key} {w.Value}"))),
        ["batchSize"] = Text($"{BatchSize}"),
        ["calibrationBatches"] = Text($"{CalibrationBatches}"),
        ["epochs"] = Text($"{NumberOfEpochs}"),
        ["labelSmoothing"] = Text($"{LabelSmoothing}"),
        ["learningRate"] = Text(LearningRate),
        ["momentum"] = Text($"{Momentum}"),
        ["normalization"] = PixelMean is null || PixelDeviation is null ? "of the images" : string.Join(' ', PixelMean.Concat(PixelDeviation).Select(v => Text($"{v}"))),
        ["precision"] = Text($"{Precision}"),
        ["weightDecay"] = Text($"{WeightDecay}"),
        ["weights"] = WeightsPath is null ? "fresh" : "given",
    };

    /// <summary>What is taken from pixels and divided out of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many constants as colours.</exception>
    internal Normalization NormalizationOf(ImageSet set)
    {
        if (PixelMean is null || PixelDeviation is null)
            return Normalization.Of(set);
        Require(PixelMean.Count == set.Shape.Channels && PixelDeviation.Count == set.Shape.Channels, nameof(PixelMean), Text($"{PixelMean.Count} numbers and PixelDeviation {PixelDeviation.Count}"), Text($"{set.Shape.Channels} each, one a colour"));
        return new Normalization(PixelMean, PixelDeviation);
    }

    /// <summary>The loss of the labels of a set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A class weight is for a class that the set does not have.</exception>
    internal ClassificationLoss LossOn(ImageSet set, global::TorchSharp.torch.Device device) => new(LabelSmoothing, WeightsOf(set), device);

    private IReadOnlyList<float>? WeightsOf(ImageSet set)
    {
        if (BalanceClasses)
        {
            var images = new int[set.Classes];
            foreach (var label in set.Labels)
                images[label]++;
            return images.Select(n => (float)((double)set.Count / (set.Classes * n))).ToArray();
        }
        if (ClassWeights is null)
            return null;
        foreach (var name in ClassWeights.Keys)
            Require(set.ClassNames.Contains(name), nameof(ClassWeights), $"a weight for '{name}'", $"names of classes: {string.Join(", ", set.ClassNames.Take(20))}{(set.ClassNames.Count > 20 ? " ..." : "")}");
        return set.ClassNames.Select(name => (float)ClassWeights.GetValueOrDefault(name, 1)).ToArray();
    }

    private protected static string Text(FormattableString text) => FormattableString.Invariant(text);

    private protected static string Text(LearningRateSchedule r) =>
        (r.WarmUpShare > 0 ? Text($"{r.WarmUpFrom} to {r.Peak} in the first {100 * r.WarmUpShare} %, then ") : Text($"{r.Peak} ")) + Text($"to {r.Final}");

    internal AugmentationPlan Augmentation => new(RandomHorizontalFlip, RandomCropPadding, RandomResizedCrop, ColorJitter);

    internal VectorImage VectorImage => new(VectorLayout, 3, ImageHeight ?? 0, ImageWidth ?? 0);

    private protected static void RequireKnown<T>(T value, string name) where T : struct, Enum =>
        Require(Enum.IsDefined(value), name, value, string.Join(", ", Enum.GetNames<T>()));

    /// <summary>Columns need names of their own, or one would hide another.</summary>
    private protected static void RequireNames(params ReadOnlySpan<(string Option, string? Column)> names)
    {
        var seen = new HashSet<string>();
        foreach (var (option, column) in names)
            Require(!string.IsNullOrWhiteSpace(column) && seen.Add(column), option, $"'{column}'", "a column name that no other option has");
    }

    private protected static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; needed is {needed}."));
    }
}
