using Microsoft.ML.Dmcp.Interop.Import;
using Microsoft.ML.Dmcp.Networks;
using Onnx;

namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>
/// Describes a graph on a network builder, node after node, and collects the weights. It runs once for every size of images and number of
/// classes, since the shapes that a graph computes with depend on them.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="source">What was learned of it when it was read.</param>
/// <param name="net">The network.</param>
internal sealed class GraphDescription(OnnxGraph graph, OnnxSource source, NetworkBuilder net)
{
    private const int LongestName = 200;
    private const long MostComputed = 1 << 24;

    private readonly Dictionary<string, OnnxValue> _values = [];
    private readonly Dictionary<FeatureValue, FeatureValue> _materialized = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<NodeProto> _done = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, ImportedWeight> _weights = [];
    private long _computed;
    private FeatureValue? _normalized;

    /// <summary>The graph.</summary>
    public OnnxGraph Graph => graph;

    /// <summary>What was learned of the graph.</summary>
    public OnnxSource Source => source;

    /// <summary>The network.</summary>
    public NetworkBuilder Net => net;

    /// <summary>The weights by name, once <see cref="Run"/> is done.</summary>
    public IReadOnlyDictionary<string, ImportedWeight> Weights => _weights;

    /// <summary>Describes the whole graph, with a classifier of its own where it has none.</summary>
    /// <exception cref="FormatException">A node cannot be read; the message names it.</exception>
    public void Run()
    {
        foreach (var (name, tensor) in graph.Constants)
            _values[name] = new ConstantValue(tensor);
        _values[graph.Input.Name] = new FeatureValue(net.Input, IsChannelsLast: source.IsChannelsLast);
        foreach (var node in graph.Nodes)
        {
            if (!_done.Add(node))
                continue;
            var reader = new NodeReader(this, node);
            try
            {
                Set(node, Read(reader));
            }
            catch (FormatException e) when (!e.Message.StartsWith("Node ", StringComparison.Ordinal))
            {
                throw reader.Invalid(e.Message.TrimEnd('.'));
            }
            catch (Exception e) when (e is ArgumentException or OverflowException or IndexOutOfRangeException or DivideByZeroException)
            {
                throw reader.Invalid(e.Message.TrimEnd('.'));
            }
        }
        var result = ValueOf(graph.Output) as FeatureValue
            ?? throw new FormatException($"The output '{graph.Output}' does not depend on the image.");
        Finish(result);
    }

    /// <summary>What a name stands for; null when no node before makes it.</summary>
    public OnnxValue? ValueOf(string name) => _values.GetValueOrDefault(name);

    /// <summary>Reads a node together with another one.</summary>
    public void Fuse(NodeProto node, OnnxValue value)
    {
        _done.Add(node);
        Set(node, value);
    }

    /// <summary>A name for a layer: that of its weight or node.</summary>
    public string NameOf(NodeProto node, string? weight = null)
    {
        const string suffix = ".weight";
        var name = weight is not null && weight.EndsWith(suffix, StringComparison.Ordinal) ? weight[..^suffix.Length]
            : node.Name.Length > 0 ? node.Name : node.Output[0];
        name = name.Trim('/').Replace('/', '.');
        name = name.Length is > 0 and <= LongestName ? name : "layer";
        for (var i = 1; ; i++)
            if (_names.Add(i == 1 ? name : FormattableString.Invariant($"{name}.{i}")))
                return i == 1 ? name : FormattableString.Invariant($"{name}.{i}");
    }

    /// <summary>Keeps a weight of a layer.</summary>
    public void Weight(string layer, string name, IReadOnlyList<long> dims, Func<float[]> values) =>
        _weights[$"{layer}.{name}"] = new ImportedWeight(dims, values);

    /// <summary>Counts elements of constants that are computed and kept.</summary>
    /// <exception cref="FormatException">They are too many.</exception>
    public void Compute(long elements) => _computed = _computed + elements <= MostComputed ? _computed + elements
        : throw new FormatException($"The graph computes constants of more than {MostComputed} elements.");

    /// <summary>The features as a value of the network: makes layers of what has none yet.</summary>
    public FeatureValue Materialized(FeatureValue feature, NodeReader reader)
    {
        if (feature.IsPlain)
            return feature.Value.Layer == 0 ? Normalized(feature, reader) : feature;
        if (_materialized.TryGetValue(feature, out var known))
            return known;
        if (feature.Value.Layer == 0 && feature.Function is null && feature.Scale.All(s => s > 0))
            return Normalized(feature, reader);
        var value = feature.Function is { } function
            ? net.Activate(feature.Value, function, feature.Alpha, feature.Beta, NameOf(reader.Node))
            : feature.Value;
        if (!feature.IsUnscaled)
        {
            if (feature.IsFlat)
                throw reader.Invalid("flattened features are scaled, which only images can be");
            var name = NameOf(reader.Node);
            value = net.DepthwiseConv(value, 1, bias: true, name: name);
            Weight(name, "weight", [value.Channels, 1, 1, 1], () => Spread(feature.Scale, value.Channels));
            Weight(name, "bias", [value.Channels], () => Spread(feature.Shift, value.Channels));
        }
        return _materialized[feature] = new FeatureValue(value, feature.Rank, feature.IsChannelsLast, feature.IsFlat)
        {
            FlattenedPixels = feature.FlattenedPixels,
        };
    }

    // What the graph does to the pixels first becomes the normalisation of the run, (pixel − mean)/deviation.
    private FeatureValue Normalized(FeatureValue feature, NodeReader reader)
    {
        if (_normalized is not null && !(_normalized.Scale.SequenceEqual(feature.Scale) && _normalized.Shift.SequenceEqual(feature.Shift)))
            throw reader.Invalid("the image is read in two ways");
        _normalized = feature;
        if (!feature.IsUnscaled)
            source.Normalize(Spread(feature.Scale, net.Input.Channels), Spread(feature.Shift, net.Input.Channels));
        return new FeatureValue(feature.Value, feature.Rank, feature.IsChannelsLast);
    }

    private void Set(NodeProto node, OnnxValue value)
    {
        if (node.Output.Skip(1).Any(o => o.Length > 0 && (graph.ReadersOf(o).Count > 0 || graph.Output == o)))
            throw new NodeReader(this, node).Invalid($"its output '{node.Output[1]}' is read, which is not known");
        _values[node.Output[0]] = value;
    }

    private static OnnxValue Read(NodeReader reader)
    {
        var node = reader.Node;
        if (node.Domain is not ("" or "ai.onnx") || !OperatorTable.Readers.TryGetValue(node.OpType, out var read))
            throw reader.Invalid($"operators {(node.Domain.Length == 0 ? "" : $"of '{node.Domain}' ")}of this kind are not known");
        if (node.Output.Count == 0)
            throw reader.Invalid("it has no output");
        return read(reader);
    }

    private void Finish(FeatureValue result)
    {
        var last = new NodeReader(this, graph.Nodes.Count > 0 ? graph.Nodes[^1] : throw new FormatException("Its graph has no nodes."));
        result = Materialized(result, last);
        if (source.Head is not null)
        {
            if (result.Value is not { Height: 1, Width: 1 } || result.Value.Channels != net.Classes)
                throw last.Invalid("the graph does not end in one score a class");
            return;
        }
        if (result.Value.Layer == 0)
            throw last.Invalid("nothing is computed");
        var features = result.IsFlat || result.Value is { Height: 1, Width: 1 } ? result.Value : net.GlobalAveragePool(result.Value);
        net.Linear(features, net.Classes, name: NameOf(new NodeProto { Name = "classifier" }));
    }

    private static float[] Spread(float[] values, int channels) =>
        values.Length == channels ? values : Enumerable.Repeat(values[0], channels).ToArray();
}
