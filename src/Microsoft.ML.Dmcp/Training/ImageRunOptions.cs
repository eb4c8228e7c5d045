using System.Globalization;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp;

/// <summary>What all runs on labelled images have in common, also those that train nothing.</summary>
public abstract class ImageRunOptions
{
    /// <summary>Name of the setting that holds mean and deviation of the pixels.</summary>
    internal const string NormalizationSetting = "normalization";

    /// <summary>Name of the column of classes, a key. Default "Label".</summary>
    public string LabelColumnName = "Label";

    /// <summary>Name of the column of images, or of vectors of their pixels. Default "Features".</summary>
    public string FeatureColumnName = "Features";

    /// <summary>Images of one step, 2 or more. Default 64.</summary>
    public int BatchSize = 64;

    /// <summary>
    /// Mean of every colour that is subtracted from the pixels, in their units. When null (default), that which the given weights
    /// (<see cref="WeightsPath"/>) were trained with, where they say it; else computed from the training images.
    /// </summary>
    public IReadOnlyList<float>? PixelMean;

    /// <summary>
    /// Standard deviation of every colour that the pixels are divided by, in their units; null (default) as for <see cref="PixelMean"/>.
    /// </summary>
    public IReadOnlyList<float>? PixelDeviation;

    /// <summary>Seed of weights, order and sampling; that of the <c>MLContext</c> when null (default).</summary>
    public int? Seed;

    /// <summary>
    /// Threads of libtorch; as many as this process may use processors, or as <c>OMP_NUM_THREADS</c> says, when null (default).
    /// </summary>
    public int? NumberOfThreads;

    /// <summary>Order of the elements where images come as a vector. Default <see cref="PixelLayout.Planar"/>.</summary>
    public PixelLayout VectorLayout = PixelLayout.Planar;

    /// <summary>Height of images that come as a vector; null (default) for square ones.</summary>
    public int? ImageHeight;

    /// <summary>Width of images that come as a vector; null (default) for square ones.</summary>
    public int? ImageWidth;

    /// <summary>
    /// Checkpoint of a search or training of the same unpruned network, whose weights this run begins with; null (default) for fresh ones.
    /// A file of pre-trained weights (Microsoft.ML.Dmcp.Interop imports them from ONNX and PyTorch) serves images of every size and any
    /// classes too.
    /// </summary>
    public string? WeightsPath;

    /// <summary>
    /// Batches on which a sub-network's batch norms are calibrated before it is evaluated, as a cumulative average. Default 5.
    /// </summary>
    public int CalibrationBatches = 5;

    /// <summary>
    /// Ends the run with an <see cref="OperationCanceledException"/>, after its checkpoint was written. So does the cancellation of the
    /// <c>MLContext</c>, as AutoML does it.
    /// </summary>
    public CancellationToken CancellationToken;

    internal VectorImage VectorImage => new(VectorLayout, 3, ImageHeight ?? 0, ImageWidth ?? 0);

    /// <summary>Checks every field.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A field is out of its range; the message names it, its value and the range.
    /// </exception>
    internal virtual void Check()
    {
        Require(BatchSize >= 2, nameof(BatchSize), BatchSize, "2 or more, since batch norm needs a batch");
        Require(PixelMean is null == PixelDeviation is null, nameof(PixelDeviation), PixelDeviation is null ? "null" : "given",
            "given together with PixelMean, or neither");
        Require(PixelMean is null || PixelMean.All(float.IsFinite), nameof(PixelMean), Joined(PixelMean), "finite numbers, one a colour");
        Require(PixelDeviation is null || PixelDeviation.All(d => d > 0 && float.IsFinite(d)),
            nameof(PixelDeviation), Joined(PixelDeviation), "positive numbers, one a colour");
        Require(NumberOfThreads is null or >= 1, nameof(NumberOfThreads), NumberOfThreads, "1 or more, or null for all processors");
        RequireKnown(VectorLayout, nameof(VectorLayout));
        Require(ImageHeight is null or >= 1, nameof(ImageHeight), ImageHeight, "1 or more, or null");
        Require(ImageWidth is null or >= 1, nameof(ImageWidth), ImageWidth, "1 or more, or null");
        Require(ImageHeight is null == ImageWidth is null, nameof(ImageWidth), ImageWidth, "given together with ImageHeight, or neither");
        Require(WeightsPath is null || !string.IsNullOrWhiteSpace(WeightsPath), nameof(WeightsPath), $"'{WeightsPath}'",
            "the name of a checkpoint file, or null for fresh weights");
        Require(CalibrationBatches >= 1, nameof(CalibrationBatches), CalibrationBatches, "1 or more");
        RequireNames(ColumnNames);
    }

    /// <summary>Checks the files that the options name, before anything is computed.</summary>
    /// <param name="weightsComeLater">Whether something that runs before may write the file of <see cref="WeightsPath"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The file of the weights does not exist.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    internal virtual void CheckFiles(bool weightsComeLater = false) =>
        Require(WeightsPath is null || weightsComeLater || DurableFile.Exists(WeightsPath), nameof(WeightsPath), $"'{WeightsPath}'",
            "the name of a checkpoint file that exists, or null for fresh weights");

    /// <summary>Checks what depends on the classes of the images.</summary>
    /// <param name="names">Names of the classes.</param>
    internal virtual void CheckClasses(IReadOnlyList<string> names)
    {
    }

    /// <summary>A copy, which later changes of these options do not reach.</summary>
    internal T Copy<T>() where T : ImageRunOptions => (T)MemberwiseClone();

    /// <summary>Seed of the checkpoint that the run would resume from; null where there is none.</summary>
    internal virtual int? SeedOfCheckpoint => null;

    /// <summary>Names of all columns that the run reads and makes, with their options.</summary>
    private protected virtual IEnumerable<(string Option, string? Column)> ColumnNames =>
        [(nameof(LabelColumnName), LabelColumnName), (nameof(FeatureColumnName), FeatureColumnName)];

    /// <summary>The settings that decide the result, as text for channel configs and checkpoints.</summary>
    internal virtual SortedDictionary<string, string> ToSettings() => new(StringComparer.Ordinal)
    {
        ["batchSize"] = Text($"{BatchSize}"),
        ["calibrationBatches"] = Text($"{CalibrationBatches}"),
        [NormalizationSetting] = NormalizationText(PixelMean, PixelDeviation),
        ["weights"] = WeightsPath is null ? "fresh" : "given",
    };

    /// <summary>Mean and deviation of the pixels as text for settings.</summary>
    internal static string NormalizationText(IReadOnlyList<float>? mean, IReadOnlyList<float>? deviation) =>
        mean is null || deviation is null ? "of the images" : Joined(mean.Concat(deviation));

    /// <summary>Takes the mean and deviation that given weights were trained with.</summary>
    /// <param name="settings">Of the run that made the weights.</param>
    /// <returns>Whether the settings say them.</returns>
    internal bool TakeNormalization(IReadOnlyDictionary<string, string> settings)
    {
        if (!settings.TryGetValue(NormalizationSetting, out var text))
            return false;
        var numbers = new List<float>();
        foreach (var word in text.Split(' '))
            if (float.TryParse(word, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
            else
                return false;
        (PixelMean, PixelDeviation) = (numbers[..(numbers.Count / 2)], numbers[(numbers.Count / 2)..]);
        Check();
        return true;
    }

    private protected static string Text(FormattableString text) => FormattableString.Invariant(text);

    private protected static void RequireKnown<T>(T value, string name) where T : struct, Enum =>
        Require(Enum.IsDefined(value), name, value, string.Join(", ", Enum.GetNames<T>()));

    private protected static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, Text($"{name} is {value}; needed is {needed}."));
    }

    /// <summary>Columns need names of their own, or one would hide another.</summary>
    private static void RequireNames(IEnumerable<(string Option, string? Column)> names)
    {
        var seen = new HashSet<string>();
        foreach (var (option, column) in names)
            Require(!string.IsNullOrWhiteSpace(column) && seen.Add(column), option, $"'{column}'",
                "a column name that no other option has");
    }

    private static string Joined(IEnumerable<float>? numbers) =>
        string.Join(' ', (numbers ?? []).Select(n => n.ToString(CultureInfo.InvariantCulture)));
}
