using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Networks;
using Microsoft.ML.Dmcp.Search;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators;

/// <summary>
/// The result of <see cref="DmcpSearchEstimator"/>: the found channel config. As a transformer it appends the widths as a column, the same
/// in every row, whose annotations carry the config to a <see cref="PrunedRetrainEstimator"/> behind it.
/// </summary>
public sealed class DmcpSearchTransformer : AppendingTransformer
{
    internal const string LoaderSignature = "DmcpSearchTransformer";

    /// <summary>Kind of the annotation that holds the channel config as JSON.</summary>
    internal const string ConfigAnnotation = "DmcpChannelConfig";

    /// <summary>Kind of the annotation that holds the unpruned network's description as JSON.</summary>
    internal const string NetworkAnnotation = "DmcpNetwork";

    /// <summary>Kind of the annotation that holds the full name of the search's checkpoint file; empty when it kept none.</summary>
    internal const string CheckpointAnnotation = "DmcpCheckpoint";

    private const string Signature = "DMCPSRCH";
    private const uint Version = 0x00010002;

    private readonly string _outputColumn;
    private readonly SearchedChain _chain;
    private readonly string? _checkpoint;

    internal DmcpSearchTransformer(IHostEnvironment env, string outputColumn, ChannelConfig config, NetworkDescription network, SearchedChain chain, string? checkpoint)
        : base(env, LoaderSignature)
    {
        (_outputColumn, ChannelConfig, Network, _chain) = (outputColumn, config, network, chain);
        _checkpoint = checkpoint is null ? null : Path.GetFullPath(checkpoint);
        config.WidthsFor(network);
    }

    // Called by ML.NET when a model file is loaded.
    private DmcpSearchTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : base(env, LoaderSignature) =>
        (_outputColumn, ChannelConfig, Network, _chain) = MLNetInternals.Load(ctx, Signature, Version, Version, LoaderSignature, reader =>
        {
            var column = reader.ReadString();
            var config = ChannelConfig.FromJson(reader.ReadString());
            var network = NetworkDescription.FromJson(reader.ReadString());
            config.WidthsFor(network);
            return (column, config, network, SearchedChain.Read(reader, network));
        });

    /// <summary>The found widths, with what they cost and how they were found.</summary>
    public ChannelConfig ChannelConfig { get; }

    /// <summary>The unpruned network.</summary>
    public NetworkDescription Network { get; }

    /// <summary>
    /// Draws other structures from the searched Markov process (direct sampling, 3.3 of the paper): each can be trained as a
    /// <see cref="PrunedRetrainEstimator.Options.ChannelConfig"/>.
    /// </summary>
    /// <param name="count">How many different structures.</param>
    /// <param name="seed">Seed of the draws: the same seed draws the same structures.</param>
    /// <param name="tolerance">How far below the budget a structure may lie, as a share of it, in [0, 1). None lies above.</param>
    /// <param name="maxDraws">After so many draws the search for structures ends with an error.</param>
    /// <exception cref="InvalidOperationException">Too few draws lay in the budget; the message says where they lay and what to do.</exception>
    public IReadOnlyList<ChannelConfig> SampleStructures(int count, int seed = 1, double tolerance = 0.02, int maxDraws = 100_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDraws, 1);
        if (tolerance is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be a share in [0, 1).");
        return _chain.Sample(Network, ChannelConfig.Method, count, tolerance, maxDraws, seed);
    }

    /// <summary>
    /// Draws structures from the searched Markov process, whatever they cost, and counts what they cost and how wide they are: how far the
    /// process has settled, and how much its structures differ.
    /// </summary>
    /// <param name="draws">How many structures are drawn; equal ones count each.</param>
    /// <param name="seed">Seed of the draws: the same seed gives the same statistics.</param>
    /// <param name="tolerance">How far above or below the budget a structure may lie to count as in it, as a share of it, in [0, 1).</param>
    public StructureStatistics Statistics(int draws = 3000, int seed = 1, double tolerance = 0.05)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        if (tolerance is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "The tolerance must be a share in [0, 1).");
        return _chain.Statistics(Network, draws, tolerance, seed);
    }

    private protected override void Save(ModelSaveContext ctx) => MLNetInternals.Save(ctx, Signature, Version, Version, LoaderSignature, writer =>
    {
        writer.Write(_outputColumn);
        writer.Write(ChannelConfig.ToJson());
        writer.Write(Network.ToJson());
        _chain.Write(writer);
    });

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Append(DataViewSchema input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        TextAnnotations.Add(annotations, TextAnnotations.SlotNames, ChannelConfig.Groups.Select(g => g.Name));
        annotations.AddPrimitiveValue(ConfigAnnotation, TextDataViewType.Instance, ChannelConfig.ToJson().AsMemory());
        annotations.AddPrimitiveValue(NetworkAnnotation, TextDataViewType.Instance, Network.ToJson().AsMemory());
        annotations.AddPrimitiveValue(CheckpointAnnotation, TextDataViewType.Instance, (_checkpoint ?? "").AsMemory());
        return [new DataViewSchema.DetachedColumn(_outputColumn, new VectorDataViewType(NumberDataViewType.Single, ChannelConfig.Groups.Count), annotations.ToAnnotations())];
    }

    internal override IReadOnlyList<DataViewSchema.Column> Reads(DataViewSchema input) => [];

    internal override AppendedValues OpenRow(DataViewRow row) => new ConstantWidths(ChannelConfig);

    internal override AppendedValues OpenCursor(DataViewRowCursor? ahead) => new ConstantWidths(ChannelConfig);

    private sealed class ConstantWidths(ChannelConfig config) : AppendedValues
    {
        private readonly float[] _widths = config.Groups.Select(g => (float)g.Width).ToArray();

        public override Delegate Getter(int column) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
        {
            var editor = VBufferEditor.Create(ref value, _widths.Length);
            _widths.CopyTo(editor.Values);
            value = editor.Commit();
        });
    }
}
