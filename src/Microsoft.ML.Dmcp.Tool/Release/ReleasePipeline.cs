using Microsoft.ML.Data;

namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>The pipeline around searches and trainings of the release: how images are read, normalised and measured.</summary>
/// <param name="ml">The context.</param>
/// <param name="config">The config file.</param>
/// <param name="images">The images.</param>
internal sealed class ReleasePipeline(MLContext ml, ReleaseConfig config, ReleaseImages images)
{
    private const string Features = "Features", Label = "Label";
    private const float Brightest = 255;
    private const int Top = 5;

    // utils/data.py
    private static readonly float[] Mean = [0.485f * Brightest, 0.456f * Brightest, 0.406f * Brightest];
    private static readonly float[] Deviation = [0.229f * Brightest, 0.224f * Brightest, 0.225f * Brightest];

    private readonly IDataView _training = ml.Data.LoadFromEnumerable(images.Training);
    private readonly IDataView _validation = ml.Data.LoadFromEnumerable(images.Validation);

    public MLContext Context => ml;

    /// <summary>What an untrained row of this pipeline has.</summary>
    public DataViewSchema InputSchema => _training.Schema;

    /// <summary>Iterations of the whole run.</summary>
    public long Iterations => (long)Math.Max(1, images.Training.Count / config.BatchSize) * config.Epochs;

    /// <summary>Fits a step on the training images.</summary>
    public TransformerChain<T> Fit<T>(IEstimator<T> step) where T : class, ITransformer => Images().Append(step).Fit(_training);

    /// <summary>The images to measure on, as a step of the pipeline reads them.</summary>
    public IDataView ReadValidation() => Images().Fit(_training).Transform(_validation);

    /// <summary>Sets what all steps on images have in common.</summary>
    public T WithImages<T>(T options) where T : ImageRunOptions
    {
        (options.FeatureColumnName, options.LabelColumnName) = (Features, Label);
        (options.PixelMean, options.PixelDeviation) = (Mean, Deviation);
        (options.BatchSize, options.Seed) = (config.BatchSize, config.Seed);
        return options;
    }

    /// <summary>Sets what all trainings have in common.</summary>
    public T WithTraining<T>(T options) where T : TrainingOptions
    {
        WithImages(options);
        options.NumberOfEpochs = config.Epochs;
        options.LearningRate = config.Optimizer.LearningRate(Iterations);
        options.Momentum = config.Optimizer.Momentum;
        options.WeightDecay = config.Optimizer.WeightDecay;
        options.LabelSmoothing = config.LabelSmoothing;
        options.RandomResizedCrop = true;
        options.RandomHorizontalFlip = true;
        options.ColorJitter = config.Jitter;
        return options;
    }

    /// <summary>Measures a model on the validation images.</summary>
    /// <param name="model">From paths of images to scores.</param>
    /// <param name="width">The width multiplier that it has; null for a channel config.</param>
    public MeasuredAccuracy Measure(ITransformer model, double? width = null)
    {
        var metrics = ml.MulticlassClassification.Evaluate(
            model.Transform(_validation), topKPredictionCount: Math.Min(Top, config.Classes));
        return new MeasuredAccuracy(width, metrics.MicroAccuracy, metrics.TopKAccuracy, metrics.LogLoss, images.Validation.Count);
    }

    /// <summary>Measures a pruned network on the validation images.</summary>
    public MeasuredAccuracy Measure(PrunedNetworkTransformer network) => Measure(Images().Fit(_training).Append(network));

    /// <summary>Measures shared weights at the widths that the config names.</summary>
    /// <param name="weights">The checkpoint that has them.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    public IReadOnlyList<MeasuredAccuracy> MeasureShared(string weights, CancellationToken cancellation)
    {
        var (network, search) = (config.Describe(), config.Search!);
        return [.. search.EvaluatedWidths.Select(width =>
        {
            var options = WithImages(new PrunedRetrainOptions
            {
                Method = RetrainMethod.Calibration,
                Network = config.Architecture,
                ChannelConfig = UniformWidths.Of(network, width, search.Widths.Max),
                WeightsPath = weights,
                // Sub-networks of first channels were trained, wherever that was.
                SortChannels = false,
                CalibrationBatches = search.CalibrationBatches,
                CancellationToken = cancellation,
            });
            using var model = Fit(ml.Transforms.PrunedRetrain(options));
            return Measure(model, width);
        })];
    }

    private EstimatorChain<ITransformer> Images() => new EstimatorChain<ITransformer>()
        .Append(ml.Transforms.Conversion.MapValueToKey(Label))
        .Append(ml.Transforms.LoadImages(Features, imageFolder: null, nameof(ImageFile.ImagePath)))
        .Append<ITransformer>(ml.Transforms.ResizeImages(Features, config.ImageSize, config.ImageSize));
}
