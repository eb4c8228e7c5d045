using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Dmcp.Training.Progress;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>What the estimators of all search methods have in common: they read labelled images, search, and give what was found.</summary>
/// <typeparam name="TTransformer">The transformer that holds it.</typeparam>
public abstract class ChannelSearchEstimatorBase<TTransformer> : IEstimator<TTransformer>
    where TTransformer : ChannelSearchTransformer
{
    private readonly IHost _host;
    private readonly ImageRunOptions _options;

    private protected ChannelSearchEstimatorBase(IHostEnvironment env, string registrationName, ImageRunOptions options)
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
        // Whoever changes the options while this runs, or since they were given, changes another run.
        var options = _options.Copy<ImageRunOptions>();
        return Ranks.Together((options as TrainingOptions)?.Communicator, () => Search(input, options));
    }

    private TTransformer Search(IDataView input, ImageRunOptions options)
    {
        options.Check();
        options.CheckFiles();
        var history = new EpochHistory();
        if (options is TrainingOptions training)
            training.History = history;
        using var run = new ImageRun(_host, "Search", options);
        var set = run.Read(input);
        options.CheckClasses(set.ClassNames);
        var network = SearchOf(options).Network.Describe(set.Shape.Channels, set.Shape.Height, set.Shape.Width, set.Classes);
        var normalization = run.NormalizationOf(set, options.WeightsPath);
        var seed = run.ChooseSeed();
        run.RequireSameOnAllRanks($"{SearchOf(options).MethodName} search", seed, set, network);
        using var source = new BatchSource(set.Shape, normalization, run.Device);
        var images = new ImageBatches(set, source, options.BatchSize) { Ranks = run.Ranks };
        using var search = SearchMethods.Create(options, new SearchTask(network, images, seed, run.Log));
        var found = search.Run();
        run.Ranks?.RequireSame([("the channel config", found.Config.ToJson())], "The ranks found different widths");
        // What comes behind may fail: the result of hours is in the log.
        run.Log.Info($"The channel config, which ChannelConfig.FromJson reads: {found.Config.ToJson()}");
        var searched = new SearchedNetwork(
            SearchOf(options).OutputColumnName, found.Config, network, FullName(search.WeightsFile), FullName(search.TeacherFile),
            found.Comparison) { Budget = SearchOf(options).Budget, History = history.Epochs };
        return Wrap(_host, searched, found);
    }

    private static string? FullName(string? path) => path is null ? null : Path.GetFullPath(path);

    private static ISearchOptions SearchOf(ImageRunOptions options) => (ISearchOptions)options;

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
        if (SearchOf(_options).KeepsWeights)
        {
            const string name = ChannelSearchTransformer.CheckpointAnnotation;
            annotations = [.. annotations, MLNetInternals.Column(name, scalar, TextDataViewType.Instance, false)];
        }
        var output = SearchOf(_options).OutputColumnName;
        columns[output] = MLNetInternals.Column(output, vector, NumberDataViewType.Single, false, annotations);
        return new SchemaShape(columns.Values);
    }
}
