using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>Searches how many channels every layer of a network needs within a budget (DMCP, Guo et al., CVPR 2020).</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and Output Columns
/// | Column | Type | Description |
/// | -- | -- | -- |
/// | `Features` (in) | image, or vector of `Single` or `Byte` | images of one size |
/// | `Label` (in) | key | class |
/// | `ChannelWidths` (out) | vector of `Single` | width of every channel group, the same in every row |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Dmcp |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class DmcpSearchEstimator : IEstimator<DmcpSearchTransformer>
{
    /// <summary>Options of <see cref="DmcpSearchEstimator"/>.</summary>
    public sealed class Options : SearchOptions
    {
        /// <summary>Name of the column of widths.</summary>
        public string OutputColumnName = Defaults.OutputColumnName;

        /// <summary>Name of the column of classes, a key.</summary>
        public string LabelColumnName = DefaultColumns.Label;

        /// <summary>Name of the column of images.</summary>
        public string FeatureColumnName = DefaultColumns.Features;

        internal override void Check()
        {
            base.Check();
            RequireNames((nameof(OutputColumnName), OutputColumnName), (nameof(LabelColumnName), LabelColumnName), (nameof(FeatureColumnName), FeatureColumnName));
        }
    }

    internal static class Defaults
    {
        public const string OutputColumnName = "ChannelWidths";
        public const int NumberOfEpochs = 40;
    }

    private readonly IHost _host;
    private readonly Options _options;

    internal DmcpSearchEstimator(IHostEnvironment env, Options options)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        _host = env.Register(nameof(DmcpSearchEstimator));
        _options = options;
    }

    /// <summary>Searches.</summary>
    /// <param name="input">Labelled images; read once.</param>
    /// <returns>A transformer that holds the channel config.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type, or the budget cannot be met.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be trained on, or the training diverged.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled, by its token or with the MLContext.</exception>
    public DmcpSearchTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var channel = _host.Start("Search");
        var log = RunLogs.On(_host, channel);
        TorchRuntime.UseThreads(_options.NumberOfThreads);
        var device = TorchRuntime.ChooseDevice(_host, log);
        var set = ImageSetReader.Read(input, _options.LabelColumnName, _options.FeatureColumnName, _options.VectorImage, log, _options.CancellationToken);
        var network = _options.Network.Describe(set.Shape.Channels, set.Shape.Height, set.Shape.Width, set.Classes);
        using var batches = new BatchSource(set.Shape, Normalization.Of(set), device);
        using var search = new DmcpSearch(network, _options, RunSeed.Choose(_options, _host), set, batches, log);
        using var result = search.Run();
        return new DmcpSearchTransformer(_host, _options.OutputColumnName, result.Config, network, result.Chain, _options.CheckpointPath);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        InputColumns.Check(inputSchema, _options.LabelColumnName, _options.FeatureColumnName);
        const SchemaShape.Column.VectorKind scalar = SchemaShape.Column.VectorKind.Scalar, vector = SchemaShape.Column.VectorKind.Vector;
        var columns = inputSchema.ToDictionary(c => c.Name);
        columns[_options.OutputColumnName] = MLNetInternals.Column(_options.OutputColumnName, vector, NumberDataViewType.Single, false,
            MLNetInternals.Column(TextAnnotations.SlotNames, vector, TextDataViewType.Instance, false),
            MLNetInternals.Column(DmcpSearchTransformer.ConfigAnnotation, scalar, TextDataViewType.Instance, false),
            MLNetInternals.Column(DmcpSearchTransformer.NetworkAnnotation, scalar, TextDataViewType.Instance, false),
            MLNetInternals.Column(DmcpSearchTransformer.CheckpointAnnotation, scalar, TextDataViewType.Instance, false));
        return new SchemaShape(columns.Values);
    }
}
