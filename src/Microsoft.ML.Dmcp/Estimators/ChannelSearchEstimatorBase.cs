using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Estimators.Native;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>What the estimators of all search methods have in common: they read labelled images, search, and give what was found.</summary>
/// <typeparam name="TTransformer">The transformer that holds it.</typeparam>
public abstract class ChannelSearchEstimatorBase<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ChannelSearchTransformer
{
    private readonly IHost _host;
    private readonly ChannelSearchOptions _options;

    private protected ChannelSearchEstimatorBase(IHostEnvironment env, string registrationName, ChannelSearchOptions options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = env.Register(registrationName);
        _options = options;
    }

    /// <summary>Searches.</summary>
    /// <param name="input">Labelled images; read once.</param>
    /// <returns>A transformer that holds the channel config.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or the budget cannot be met.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on, or the training diverged.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, by its token or with the MLContext.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Search");
        var log = RunLogs.On(_host, channel);
        // Whoever changes the options while this runs, or since they were given, changes another run.
        var options = _options.Copy<ChannelSearchOptions>();
        options.Check();
        options.CheckFiles();
        using var threads = TorchRuntime.Prepare(options.NumberOfThreads);
        var device = TorchRuntime.ChooseDevice(_host, log);
        var set = ImageSetReader.Read(input, options.LabelColumnName, options.FeatureColumnName, options.VectorImage, log, options.CancellationToken);
        var network = options.Network.Describe(set.Shape.Channels, set.Shape.Height, set.Shape.Width, set.Classes);
        using var batches = new BatchSource(set.Shape, options.NormalizationOf(set), device);
        using var search = options.Create(new SearchTask(network, set, batches, RunSeed.Choose(options, _host), log));
        var found = search.Run();
        // What comes behind may fail: the result of hours is in the log.
        log.Info($"The channel config, which ChannelConfig.FromJson reads: {found.Config.ToJson()}");
        return Wrap(_host, new SearchedNetwork(options.OutputColumnName, found.Config, network, search.WeightsFile is { } path ? Path.GetFullPath(path) : null), found);
    }

    private protected abstract TTransformer Wrap(IHostEnvironment env, SearchedNetwork searched, FoundChannels found);

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _options.Check();
        _options.CheckFiles();
        InputColumns.Check(inputSchema, _options.LabelColumnName, _options.FeatureColumnName);
        const SchemaShape.Column.VectorKind scalar = SchemaShape.Column.VectorKind.Scalar, vector = SchemaShape.Column.VectorKind.Vector;
        var columns = inputSchema.ToDictionary(c => c.Name);
        SchemaShape.Column[] annotations =
        [
            MLNetInternals.Column(TextAnnotations.SlotNames, vector, TextDataViewType.Instance, false),
            MLNetInternals.Column(ChannelSearchTransformer.ConfigAnnotation, scalar, TextDataViewType.Instance, false),
            MLNetInternals.Column(ChannelSearchTransformer.NetworkAnnotation, scalar, TextDataViewType.Instance, false),
        ];
        if (_options.KeepsWeights)
        {
            const string name = ChannelSearchTransformer.CheckpointAnnotation;
            annotations = [.. annotations, MLNetInternals.Column(name, scalar, TextDataViewType.Instance, false)];
        }
        var widths = MLNetInternals.Column(_options.OutputColumnName, vector, NumberDataViewType.Single, false, annotations);
        columns[_options.OutputColumnName] = widths;
        return new SchemaShape(columns.Values);
    }
}
