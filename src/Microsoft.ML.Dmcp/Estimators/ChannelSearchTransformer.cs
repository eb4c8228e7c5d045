using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.Appending;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Estimators.OnnxGraphs;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// The result of a channel search: the found channel config. As a transformer it appends the widths as a column, the same in every row,
/// whose annotations carry the config to a <see cref="PrunedRetrainEstimator"/> behind it.
/// </summary>
public class ChannelSearchTransformer : AppendingTransformer
{
    internal const string LoaderSignature = "DmcpChannelSearch";

    /// <summary>Kind of the annotation that holds the channel config as JSON.</summary>
    internal const string ConfigAnnotation = "DmcpChannelConfig";

    /// <summary>Kind of the annotation that holds the unpruned network's description as JSON.</summary>
    internal const string NetworkAnnotation = "DmcpNetwork";

    /// <summary>Kind of the annotation that holds the full name of the search's checkpoint file; absent when it kept none.</summary>
    internal const string CheckpointAnnotation = "DmcpCheckpoint";

    /// <summary>Kind of the annotation that holds the full name of the checkpoint that the search learned from; absent for none.</summary>
    internal const string TeacherAnnotation = "DmcpTeacher";

    private static readonly ModelStream File = new("DMCPCHAN", version: 0x00010002, readableFrom: 0x00010001, LoaderSignature);

    private readonly Lazy<DataViewSchema.DetachedColumn> _column;

    internal ChannelSearchTransformer(IHostEnvironment env, SearchedNetwork searched)
        : this(env, LoaderSignature, searched)
    {
    }

    private protected ChannelSearchTransformer(IHostEnvironment env, string registrationName, SearchedNetwork searched)
        : base(env, registrationName)
    {
        Searched = searched;
        _column = new Lazy<DataViewSchema.DetachedColumn>(WidthsColumn);
    }

    // Called by ML.NET when a model file is loaded.
    private ChannelSearchTransformer(IHostEnvironment env, ModelLoadContext ctx)
        : this(env, File.Load(ctx, SearchedNetwork.Read))
    {
    }

    /// <summary>The found widths, with what they cost and how they were found.</summary>
    public ChannelConfig ChannelConfig => Searched.Config;

    /// <summary>
    /// How the found widths compare with uniform ones, with the weights of the search. Null for methods that choose channels one by one,
    /// and for a search that was loaded from a file.
    /// </summary>
    public UniformComparison? Comparison => Searched.Comparison;

    /// <summary>What the pruned network may cost. Null for a search that was loaded from a file.</summary>
    public Budget? Budget => Searched.Budget;

    /// <summary>
    /// The last report of every epoch of the search, without its times: loss, accuracy, expected cost. Empty for methods that train
    /// nothing, and for a search that was loaded from a file.
    /// </summary>
    public IReadOnlyList<TrainingProgress> History => Searched.History;

    /// <summary>The unpruned network.</summary>
    public NetworkDescription Network => Searched.Network;

    private protected SearchedNetwork Searched { get; }

    private protected override void Save(ModelSaveContext ctx) => File.Save(ctx, Searched.Write);

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Append(DataViewSchema input) => [_column.Value];

    internal override IReadOnlyList<DataViewSchema.Column> Reads(DataViewSchema input) => [];

    internal override AppendedValues OpenRow(DataViewRow row) => new ConstantWidths(ChannelConfig);

    internal override AppendedValues OpenCursor(DataViewRowCursor rows) => new ConstantWidths(ChannelConfig);

    internal override void Convert(OnnxContextGraph graph, DataViewSchema input)
    {
        // A row of widths for every row of the batch, which is as long as any column says.
        var column = input.Select(c => graph.Find(c.Name)).FirstOrDefault(value => value is not null)
            ?? throw NoConversion("none of the columns before it could be");
        var widths = ChannelConfig.Groups.Select(g => (float)g.Width).ToArray();
        var rows = graph.AddNode("Slice", "rows",
            [graph.AddNode("Shape", "shape", [column]), graph.AddIntegers("first", 0), graph.AddIntegers("second", 1)]);
        var shape = graph.AddNode(
            "Concat", "widths_shape", [rows, graph.AddIntegers("groups", widths.Length)], OnnxAttribute.Int("axis", 0));
        var constant = graph.AddConstant("widths", widths, 1, widths.Length);
        graph.SetColumn(_column.Value, graph.AddNode("Expand", "rows_of_widths", [constant, shape]));
    }

    // The same behind every input: config and network are written as JSON once.
    private DataViewSchema.DetachedColumn WidthsColumn()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        TextAnnotations.Add(annotations, TextAnnotations.SlotNames, ChannelConfig.Groups.Select(g => g.Name));
        annotations.AddPrimitiveValue(ConfigAnnotation, TextDataViewType.Instance, ChannelConfig.ToJson().AsMemory());
        annotations.AddPrimitiveValue(NetworkAnnotation, TextDataViewType.Instance, Network.ToJson().AsMemory());
        if (Searched.Checkpoint is not null)
            annotations.AddPrimitiveValue(CheckpointAnnotation, TextDataViewType.Instance, Searched.Checkpoint.AsMemory());
        if (Searched.Teacher is not null)
            annotations.AddPrimitiveValue(TeacherAnnotation, TextDataViewType.Instance, Searched.Teacher.AsMemory());
        var type = new VectorDataViewType(NumberDataViewType.Single, ChannelConfig.Groups.Count);
        return new DataViewSchema.DetachedColumn(Searched.OutputColumn, type, annotations.ToAnnotations());
    }

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
