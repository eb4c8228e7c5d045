using System.Text.Json;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A convolutional classifier, described once: everything else (the unpruned network and its sub-networks, channel groups,
/// FLOPs, parameters, the pruned network) is derived from it. Immutable. Made by <see cref="NetworkBuilder"/>.
/// </summary>
public sealed class NetworkDescription
{
    /// <summary>Checks the layers and derives shapes and channel groups.</summary>
    /// <param name="name">Name of the architecture, such as <c>cifar-resnet20</c>.</param>
    /// <param name="layers">The layers, the input first, the classifier last, each after the ones that it reads.</param>
    /// <exception cref="ArgumentException">The layers do not form a network; the message names the layer and what to change.</exception>
    public NetworkDescription(string name, IReadOnlyList<Layer> layers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(layers);
        Name = name;
        Layers = layers.ToArray();
        Shapes = ShapeInference.Infer(Layers);
        Groups = Shapes.SelectMany(s => s.Segments).Where(g => !g.IsFixed).DistinctBy(g => g.Index).OrderBy(g => g.Index).ToArray();
        FullWidths = Groups.Select(g => g.Channels).ToArray();
        var offsets = new int[Groups.Count];
        for (var g = 1; g < offsets.Length; g++)
            offsets[g] = offsets[g - 1] + Groups[g - 1].Channels;
        GateOffsets = offsets;
    }

    /// <summary>Name of the architecture.</summary>
    public string Name { get; }

    /// <summary>The layers in the order in which they run.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The channel groups that can be pruned, in the order in which the network makes their channels.</summary>
    public IReadOnlyList<ChannelGroup> Groups { get; }

    /// <summary>Width of every channel group in the unpruned network.</summary>
    public IReadOnlyList<int> FullWidths { get; }

    /// <summary>The image that it reads.</summary>
    public InputLayer Input => (InputLayer)Layers[0];

    /// <summary>Number of classes: scores of the last layer.</summary>
    public int Classes => Shapes[^1].Channels;

    /// <summary>All channels of every group, ascending.</summary>
    internal int[][] AllChannels => FullWidths.Select(width => Enumerable.Range(0, width).ToArray()).ToArray();

    /// <summary>Where each group's channels begin in a vector over the channels of all groups.</summary>
    internal IReadOnlyList<int> GateOffsets { get; }

    /// <summary>Shape of every layer's value.</summary>
    internal IReadOnlyList<ValueShape> Shapes { get; }

    /// <summary>The network in which every channel group has the given width: the pruned network of a channel config.</summary>
    /// <param name="widths">One width for every group, in [1, <see cref="ChannelGroup.Channels"/>].</param>
    /// <exception cref="ArgumentException">A width is missing or out of range.</exception>
    public NetworkDescription AtWidths(IReadOnlyList<int> widths)
    {
        CheckWidths(widths);
        var layers = Layers.Select((layer, i) => layer switch
        {
            ConvLayer conv => conv with { OutChannels = Shapes[i].ChannelsIn(widths) },
            LinearLayer linear => linear with { OutFeatures = Shapes[i].ChannelsIn(widths) },
            _ => layer,
        });
        return new NetworkDescription(Name, layers.ToArray());
    }

    /// <summary>The network in one line: name, images and classes. What it costs is in its <see cref="NetworkSummary.Summary"/>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Name}: {Input.Width}x{Input.Height} pixels, {Classes} classes");

    /// <summary>The description as JSON, for model files.</summary>
    public string ToJson() => JsonSerializer.Serialize(new NetworkDocument(Name, Layers), NetworkJson.Default.NetworkDocument);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <exception cref="FormatException">The text is not a network description, or one whose layers do not fit together.</exception>
    public static NetworkDescription FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            var document = JsonSerializer.Deserialize(json, NetworkJson.Default.NetworkDocument);
            return new NetworkDescription(document?.Name!, document?.Layers!);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new FormatException($"The text is not a network description: {e.Message}", e);
        }
    }

    /// <exception cref="ArgumentException">A width is missing or out of range.</exception>
    internal void CheckWidths(IReadOnlyList<int> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Count != Groups.Count)
            throw new ArgumentException(
                $"{widths.Count} widths were given for network '{Name}', which has {Groups.Count} channel groups.", nameof(widths));
        foreach (var group in Groups)
            if (widths[group.Index] < 1 || widths[group.Index] > group.Channels)
                throw new ArgumentException($"Channel group '{group.Name}' cannot have width {widths[group.Index]}; " +
                    $"needed is one in [1, {group.Channels}].", nameof(widths));
    }
}
