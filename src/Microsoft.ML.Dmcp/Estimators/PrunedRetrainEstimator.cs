using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Trains the network of a channel config into an image classifier: from scratch (3.3, 4.1 of the paper), or as <see cref="Options.Method"/> says.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | `Features` (in) | image, or vector of `Single` or `Byte` | images of one size |
/// | `Label` (in) | key | class |
/// | `Score` (out) | vector of `Single` | probability of every class |
/// | `PredictedLabel` (out) | key | the likeliest class |
/// | `Options.EmbeddingColumnName` (out, if set) | vector of `Single` | values of the penultimate layer |
///
/// The channel config comes from the options, or from a `DmcpSearch` earlier in the pipeline.
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Dmcp |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class PrunedRetrainEstimator : IEstimator<PrunedNetworkTransformer>
{
    /// <summary>Options of <see cref="PrunedRetrainEstimator"/>.</summary>
    public sealed class Options : TrainingOptions
    {
        /// <summary>Name of the column of classes, a key.</summary>
        public string LabelColumnName = DefaultColumns.Label;

        /// <summary>Name of the column of images.</summary>
        public string FeatureColumnName = DefaultColumns.Features;

        /// <summary>Name of the column of probabilities.</summary>
        public string ScoreColumnName = DefaultColumns.Score;

        /// <summary>Name of the column of the likeliest class.</summary>
        public string PredictedLabelColumnName = DefaultColumns.PredictedLabel;

        /// <summary>
        /// Name of a column for the values of the penultimate layer (what the classifier reads: features for other learners, or for finding
        /// similar images); null for none.
        /// </summary>
        public string? EmbeddingColumnName;

        /// <summary>The channel config; when null, that of <see cref="ChannelConfigPath"/>, or of the search earlier in the pipeline.</summary>
        public ChannelConfig? ChannelConfig;

        /// <summary>File of the channel config, as <see cref="Channels.ChannelConfig.Save"/> writes it.</summary>
        public string? ChannelConfigPath;

        /// <summary>The unpruned architecture; when null, the one of the zoo that the config names. Needed for networks of one's own.</summary>
        public NetworkArchitecture? Network;

        /// <summary>How the weights come about; the trained model says it too (<see cref="PrunedNetworkTransformer.Method"/>).</summary>
        public RetrainMethod Method = RetrainMethod.FromScratch;

        /// <summary>Random networks between the pruned and the unpruned one that <see cref="RetrainMethod.Slimmable"/> trains in every iteration.</summary>
        public int RandomSubNetworks = 2;

        /// <summary>
        /// Images on which every epoch is measured and which are not trained on: rows like those that <see cref="Fit"/> gets, with the same
        /// columns and classes. Null for none, or for <see cref="ValidationSetFraction"/>.
        /// </summary>
        public IDataView? ValidationSet;

        /// <summary>Share of the training images of every class that is put aside for validation, in (0, 1); null for none.</summary>
        public double? ValidationSetFraction;

        /// <summary>Epochs without a better validation accuracy after which the training ends; null for never. Needs validation images.</summary>
        public int? EarlyStoppingPatience;

        /// <summary>Whether the weights of the epoch with the best validation accuracy are kept rather than those of the last, where there are validation images.</summary>
        public bool KeepBestEpoch = true;

        internal override void Check()
        {
            base.Check();
            Require(ValidationSetFraction is null or (> 0 and < 1), nameof(ValidationSetFraction), ValidationSetFraction, "a share in (0, 1), or null");
            Require(ValidationSet is null || ValidationSetFraction is null, nameof(ValidationSetFraction), ValidationSetFraction, "null when ValidationSet is given");
            Require(EarlyStoppingPatience is null || ValidationSet is not null || ValidationSetFraction is not null, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "null without validation images: set ValidationSet or ValidationSetFraction");
            Require(EarlyStoppingPatience is null or >= 1, nameof(EarlyStoppingPatience), EarlyStoppingPatience, "1 or more, or null");
            RequireKnown(Method, nameof(Method));
            Require(Method != RetrainMethod.Calibration || (ValidationSet is null && ValidationSetFraction is null), nameof(ValidationSet), "given", "null for Calibration, which trains nothing");
            Require(RandomSubNetworks >= 0, nameof(RandomSubNetworks), RandomSubNetworks, "0 or more");
            Require(WeightsPath is null || Method != RetrainMethod.FromScratch, nameof(WeightsPath), $"'{WeightsPath}'", "null when training from scratch; set Method to FineTuning to begin with given weights");
            (string, string?)[] names = [(nameof(LabelColumnName), LabelColumnName), (nameof(FeatureColumnName), FeatureColumnName), (nameof(ScoreColumnName), ScoreColumnName),
                (nameof(PredictedLabelColumnName), PredictedLabelColumnName)];
            RequireNames(EmbeddingColumnName is null ? names : [.. names, (nameof(EmbeddingColumnName), EmbeddingColumnName)]);
        }
    }

    internal static class Defaults
    {
        public const int NumberOfEpochs = 40;
    }

    private readonly IHost _host;
    private readonly Options _given;

    internal PrunedRetrainEstimator(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = env.Register(nameof(PrunedRetrainEstimator));
        _given = options;
    }

    /// <summary>Trains the network of the channel config.</summary>
    /// <param name="input">Labelled images; read once.</param>
    /// <returns>The trained classifier.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="ArgumentException">The channel config belongs to another network.</exception>
    /// <exception cref="InvalidOperationException">There is no channel config, the data cannot be trained on, or the training diverged.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, by its token or with the MLContext.</exception>
    public PrunedNetworkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Retrain");
        var log = RunLogs.On(_host, channel);
        // Whoever changes the options while this runs, or since they were given, changes another run.
        var options = _given.Copy<Options>();
        var inputs = new RetrainInputs(options);
        inputs.Check(MLNetInternals.ShapeOf(input.Schema));
        using var threads = TorchRuntime.Prepare(options.NumberOfThreads);
        var device = TorchRuntime.ChooseDevice(_host, log);
        var (config, searched) = inputs.FindConfig(input.Schema);
        var weights = inputs.FindWeights(input.Schema);
        var set = ImageSetReader.Read(input, options.LabelColumnName, options.FeatureColumnName, options.VectorImage, log, options.CancellationToken);
        inputs.CheckImages(config, set);
        var unpruned = searched ?? inputs.FindArchitecture(config).Describe(set.Shape.Channels, set.Shape.Height, set.Shape.Width, set.Classes);
        config = Recount(config, unpruned, log);
        var seed = RunSeed.Choose(options, _host);
        var validated = inputs.ReadValidation(ref set, seed, log);
        var normalization = options.NormalizationOf(set);
        using var batches = new BatchSource(set.Shape, normalization, device);
        using var validation = validated is null ? null : new Validation(validated, batches, options.BatchSize, options.EarlyStoppingPatience, options.KeepBestEpoch, log);
        var network = new Retraining(unpruned, config.KeptFor(unpruned), options, options.Method, weights, options.RandomSubNetworks, seed, log).Run(set, batches, validation);
        try
        {
            var names = LabelColumnReader.ClassNames(input.Schema[options.LabelColumnName]);
            return new PrunedNetworkTransformer(_host, new PrunedModel(network, config, options.Method, normalization, names, options.VectorImage,
                options.FeatureColumnName, options.ScoreColumnName, options.PredictedLabelColumnName, options.EmbeddingColumnName));
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        new RetrainInputs(_given).Check(inputSchema);
        var columns = inputSchema.ToDictionary(c => c.Name);
        foreach (var column in MLNetInternals.MulticlassColumns(_given.ScoreColumnName, _given.PredictedLabelColumnName, columns[_given.LabelColumnName]))
            columns[column.Name] = column;
        if (_given.EmbeddingColumnName is { } embedding)
            columns[embedding] = MLNetInternals.Column(embedding, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);
        return new SchemaShape(columns.Values);
    }

    /// <summary>The config with its costs counted anew: someone may have edited the widths in the file.</summary>
    private static ChannelConfig Recount(ChannelConfig config, NetworkDescription unpruned, RunLog log)
    {
        var counted = ChannelConfig.Of(unpruned, config.WidthsFor(unpruned), config.Method);
        if ((counted.Flops, counted.Parameters) != (config.Flops, config.Parameters))
            log.Warning($"The channel config says {config.Flops} FLOPs and {config.Parameters} parameters; its widths cost {counted.Flops} and {counted.Parameters}, which are used.");
        return config with { Flops = counted.Flops, UnprunedFlops = counted.UnprunedFlops, Parameters = counted.Parameters, UnprunedParameters = counted.UnprunedParameters };
    }
}
