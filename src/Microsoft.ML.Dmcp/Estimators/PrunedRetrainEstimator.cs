using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Dmcp.Training.Evaluations;
using Microsoft.ML.Dmcp.Training.Progress;
using Microsoft.ML.Dmcp.Training.Retraining;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// Trains the network of a channel config into an image classifier: from scratch (3.3, 4.1 of the paper), or as <see
/// cref="PrunedRetrainOptions.Method"/> says.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | `Features` (in) | image, or vector of `Single` or `Byte` | images of one size |
/// | `Label` (in) | key | class |
/// | `Score` (out) | vector of `Single` | probability of every class |
/// | `PredictedLabel` (out) | key | the likeliest class |
/// | `EmbeddingColumnName` (out, if set) | vector of `Single` | values of the penultimate layer |
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
    private readonly IHost _host;
    private readonly PrunedRetrainOptions _given;

    internal PrunedRetrainEstimator(IHostEnvironment env, PrunedRetrainOptions options)
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
    /// <exception cref="InvalidOperationException">
    /// There is no channel config, the data cannot be trained on, or the training diverged.
    /// </exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, by its token or with the MLContext.</exception>
    public PrunedNetworkTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // Whoever changes the options while this runs, or since they were given, changes another run.
        var options = _given.Copy<PrunedRetrainOptions>();
        return Ranks.Together(options.Communicator, () => Train(input, options));
    }

    private PrunedNetworkTransformer Train(IDataView input, PrunedRetrainOptions options)
    {
        var inputs = new RetrainInputs(options);
        inputs.Check(MLNetInternals.ShapeOf(input.Schema));
        var history = new EpochHistory();
        options.History = history;
        using var run = new ImageRun(_host, "Retrain", options);
        var (config, searched) = inputs.FindConfig(input.Schema);
        var weights = options.WeightsPath = inputs.FindWeights(input.Schema);
        var set = run.Read(input);
        options.CheckClasses(set.ClassNames);
        inputs.CheckImages(config, set);
        var unpruned = searched
            ?? inputs.FindArchitecture(config).Describe(set.Shape.Channels, set.Shape.Height, set.Shape.Width, set.Classes);
        config = Recount(config, unpruned, run.Log);
        var seed = run.ChooseSeed();
        var validated = inputs.ReadValidation(ref set, seed, run);
        var normalization = run.NormalizationOf(set, weights);
        using var source = new BatchSource(set.Shape, normalization, run.Device);
        var images = new ImageBatches(set, source, options.BatchSize) { Ranks = run.Ranks };
        using var validation = validated is null ? null
            : new Validation(images with { Set = validated }, options.EarlyStoppingPatience, options.KeepBestEpoch, run.Log);
        var plan = new RetrainPlan(unpruned, config.KeptFor(unpruned), options.Method, weights, options.RandomSubNetworks,
            options.DistillationWeight, options.DistillationTemperature, inputs.FindTeacher(input.Schema), options.SortChannels);
        var settings = SettingsOf(options, plan, seed);
        if (run.Ranks is not null)
            run.RequireSameOnAllRanks(CheckpointIdentity.Retraining, seed, set, unpruned,
                [
                    .. plan.ToSettings(), ("config", config.ToJson()), ("validation", validation?.ToString() ?? "none"),
                    ("teacher", plan.TeacherPath is null ? "none" : CheckpointFile.DigestOf(plan.TeacherPath)),
                ]);
        var network = new Retrainer(plan, options, images, seed, run.Log).Run(validation);
        try
        {
            var names = LabelColumnReader.ClassNames(input.Schema[options.LabelColumnName]);
            return new PrunedNetworkTransformer(_host, new PrunedModel(
                network, config, options.Method, normalization, names, options.VectorImage,
                options.FeatureColumnName, options.ScoreColumnName, options.PredictedLabelColumnName, options.EmbeddingColumnName),
                new TrainingRecord(settings, history.Epochs));
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
        var label = columns[_given.LabelColumnName];
        foreach (var column in MLNetInternals.MulticlassColumns(_given.ScoreColumnName, _given.PredictedLabelColumnName, label))
            columns[column.Name] = column;
        if (_given.EmbeddingColumnName is { } embedding)
            columns[embedding] = MLNetInternals.Column(embedding, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false);
        return new SchemaShape(columns.Values);
    }

    /// <summary>The options for people to read: without the lists of channels, which the channel config has.</summary>
    private static SortedDictionary<string, string> SettingsOf(PrunedRetrainOptions options, RetrainPlan plan, int seed)
    {
        var settings = options.ToSettings();
        settings["method"] = plan.Method.ToString();
        settings["seed"] = seed.ToString(CultureInfo.InvariantCulture);
        if (plan.Method == RetrainMethod.FineTuning)
            settings["distillation"] = plan.DistillationWeight is { } weight
                ? FormattableString.Invariant($"weight {weight}, temperature {plan.DistillationTemperature}")
                : "where the given weights are of a trained network";
        return settings;
    }

    /// <summary>The config with its costs counted anew: someone may have edited the widths in the file.</summary>
    private static ChannelConfig Recount(ChannelConfig config, NetworkDescription unpruned, RunLog log)
    {
        var counted = ChannelConfig.Of(unpruned, config.WidthsFor(unpruned), config.Method);
        if ((counted.Flops, counted.Parameters) != (config.Flops, config.Parameters))
            log.Warning($"The channel config says {config.Flops} FLOPs and {config.Parameters} parameters; " +
                $"its widths cost {counted.Flops} and {counted.Parameters}, which are used.");
        return config with
        {
            Flops = counted.Flops,
            UnprunedFlops = counted.UnprunedFlops,
            Parameters = counted.Parameters,
            UnprunedParameters = counted.UnprunedParameters,
        };
    }
}
