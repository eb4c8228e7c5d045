using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.Dmcp.Channels;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// The product of a search: one width for every channel group, with what it was found for, what it costs and how it was found.
/// Saved as JSON: the property <c>version</c> is the version of the format, by which readers refuse what they do not know; unknown
/// properties are ignored.
/// </summary>
public sealed record ChannelConfig
{
    /// <summary>Value of the JSON property <c>format</c>.</summary>
    public const string FormatName = "Microsoft.ML.Dmcp/ChannelConfig";

    /// <summary>Newest version of the format; a reader refuses a later one.</summary>
    public const int FormatVersion = 1;

    private static readonly ChannelConfigJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>What kind of file this is.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the format.</summary>
    public int Version { get; init; } = FormatVersion;

    /// <summary>Name of the architecture, such as <c>cifar-resnet20</c>.</summary>
    public required string Network { get; init; }

    /// <summary>Channels of the images.</summary>
    public required int ImageChannels { get; init; }

    /// <summary>Height of the images in pixels.</summary>
    public required int ImageHeight { get; init; }

    /// <summary>Width of the images in pixels.</summary>
    public required int ImageWidth { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>Multiply-adds of one image in the pruned network.</summary>
    public required long Flops { get; init; }

    /// <summary>Multiply-adds of one image in the unpruned network.</summary>
    public required long UnprunedFlops { get; init; }

    /// <summary>Parameters of the pruned network.</summary>
    public required long Parameters { get; init; }

    /// <summary>Parameters of the unpruned network.</summary>
    public required long UnprunedParameters { get; init; }

    /// <summary>The channel groups in the network's order.</summary>
    public required IReadOnlyList<ConfiguredGroup> Groups { get; init; }

    /// <summary>How the widths were found.</summary>
    public required SearchMethod Method { get; init; }

    /// <summary>The config of a network at given widths, with its costs counted.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="widths">Width of every channel group.</param>
    /// <param name="method">How the widths were found.</param>
    public static ChannelConfig Of(NetworkDescription network, IReadOnlyList<int> widths, SearchMethod method) =>
        Of(network, widths, null, method);

    /// <summary>The config of a network that keeps given channels, with its costs counted.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="kept">The kept channels of every channel group, ascending and from 0.</param>
    /// <param name="method">How they were found.</param>
    /// <exception cref="ArgumentException">A group is missing, keeps none, or its list is not ascending and in range.</exception>
    public static ChannelConfig OfKept(NetworkDescription network, IReadOnlyList<IReadOnlyList<int>> kept, SearchMethod method)
    {
        ArgumentNullException.ThrowIfNull(kept);
        var config = Of(network, kept.Select(k => k.Count).ToArray(), kept, method);
        config.KeptFor(network);
        return config;
    }

    private static ChannelConfig Of(
        NetworkDescription network, IReadOnlyList<int> widths, IReadOnlyList<IReadOnlyList<int>>? kept, SearchMethod method)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(method);
        network.CheckWidths(widths);
        var (flops, parameters) = (NetworkCost.Flops(network), NetworkCost.Parameters(network));
        return new ChannelConfig
        {
            Network = network.Name,
            ImageChannels = network.Input.Channels,
            ImageHeight = network.Input.Height,
            ImageWidth = network.Input.Width,
            Classes = network.Classes,
            Flops = flops.Count(widths),
            UnprunedFlops = flops.Count(network.FullWidths),
            Parameters = parameters.Count(widths),
            UnprunedParameters = parameters.Count(network.FullWidths),
            Groups = network.Groups
                .Select(g => new ConfiguredGroup(g.Name, g.Layers, g.Channels, widths[g.Index]) { Kept = kept?[g.Index] })
                .ToArray(),
            Method = method,
        };
    }

    /// <summary>The widths in the order of the network's groups, after checking that the config was made for this network.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <exception cref="ArgumentException">The config belongs to another network; the message names the first difference.</exception>
    public int[] WidthsFor(NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (Groups.Count != network.Groups.Count)
            throw Mismatch(network, $"it has {Groups.Count} channel groups, the network has {network.Groups.Count}");
        foreach (var group in network.Groups)
        {
            var configured = Groups[group.Index];
            if (configured.Name != group.Name || configured.Channels != group.Channels)
                throw Mismatch(network, $"its group {group.Index} is '{configured.Name}' of {configured.Channels} channels, " +
                    $"the network's is '{group.Name}' of {group.Channels}");
        }
        return Groups.Select(g => g.Width).ToArray();
    }

    /// <summary>The kept channels of every group, in the order of the network's groups.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <exception cref="ArgumentException">The config belongs to another network; the message names the first difference.</exception>
    internal IReadOnlyList<IReadOnlyList<int>> KeptFor(NetworkDescription network) =>
        WidthsFor(network).Select((_, group) => KeptOf(Groups[group])).ToArray();

    private static IReadOnlyList<int> KeptOf(ConfiguredGroup group) => group.KeepsWell
        ? group.Kept ?? Enumerable.Range(0, group.Width).ToArray()
        : throw new ArgumentException(WrongKept(group));

    /// <summary>
    /// How much wider every layer is here than in another config (Fig. 5 of the paper): for the layers that both have by name, also when
    /// the unpruned networks differ in width.
    /// </summary>
    /// <param name="other">The config whose widths are taken away from these.</param>
    /// <returns>
    /// One difference a layer, group after group and in each group in the network's order. A config does not say how the layers of
    /// different groups follow each other: <see cref="NetworkDescription.Layers"/> does.
    /// </returns>
    /// <exception cref="ArgumentException">The configs have no layer in common; the message names both networks.</exception>
    public IReadOnlyList<WidthDifference> DifferenceFrom(ChannelConfig other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var others = other.LayerWidths.DistinctBy(l => l.Layer).ToDictionary(l => l.Layer, l => l.Width);
        var differences = LayerWidths
            .Where(l => others.ContainsKey(l.Layer))
            .Select(l => new WidthDifference(l.Layer, l.Width, others[l.Layer]))
            .ToArray();
        return differences.Length > 0 ? differences : throw new ArgumentException(
            $"The configs for '{Network}' and '{other.Network}' have no layer in common: compare configs of one architecture.",
            nameof(other));
    }

    private IEnumerable<(string Layer, int Width)> LayerWidths => Groups.SelectMany(g => g.Layers, (g, layer) => (layer, g.Width));

    /// <summary>
    /// The config as a table: every channel group before and after pruning, and the costs. Lines have at most 100 characters and end in
    /// <c>\n</c>.
    /// </summary>
    public string Summary() => ConfigSummary.Of(this);

    /// <summary>
    /// How this config differs from another as a table: widths of the channel groups here and there, and the costs of both.
    /// </summary>
    /// <param name="other">The other config.</param>
    /// <exception cref="ArgumentException">The configs have no layer in common; the message names both networks.</exception>
    public string DifferenceSummary(ChannelConfig other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ConfigSummary.OfDifference(this, other);
    }

    /// <summary>The config in one line: network, method, multiply-adds and parameters.</summary>
    public override string ToString() => ConfigSummary.Line(this);

    /// <summary>The config as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json.ChannelConfig);

    /// <summary>Reads a config from JSON and validates it.</summary>
    /// <param name="json">The JSON text.</param>
    /// <exception cref="FormatException">
    /// The text is no channel config, of a later version, or has impossible values; the message says which.
    /// </exception>
    public static ChannelConfig FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        ChannelConfig? config;
        try
        {
            config = JsonSerializer.Deserialize(json, Json.ChannelConfig);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new FormatException($"The text is not a channel config: {e.Message}", e);
        }
        return (config ?? throw new FormatException("The text is not a channel config: it is null.")).Validated();
    }

    /// <summary>Writes the config to a file, whole or not at all: under a temporary name first, renamed once on disk.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        DurableFile.Write(path, stream => JsonSerializer.Serialize(stream, this, Json.ChannelConfig));
    }

    /// <summary>Reads a config from a file and validates it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is no channel config; the message names the file and what is wrong.</exception>
    public static ChannelConfig Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return FileReading.Named(path, $"There is no channel config '{path}'.", file => FromJson(File.ReadAllText(file)));
    }

    private ChannelConfig Validated()
    {
        if (Format != FormatName)
            throw new FormatException($"The text is not a channel config: its format is '{Format}'; needed is '{FormatName}'.");
        if (Version is < 1 or > FormatVersion)
            throw new FormatException($"The channel config has version {Version}; this library reads versions up to {FormatVersion}: " +
                "update Microsoft.ML.Dmcp.");
        if (ImageChannels < 1 || ImageHeight < 1 || ImageWidth < 1 || Classes < 2)
            throw new FormatException(
                $"The channel config is for images of {ImageChannels}x{ImageHeight}x{ImageWidth} and {Classes} classes, which cannot be.");
        if (Groups.Count == 0)
            throw new FormatException("The channel config has no groups.");
        foreach (var group in Groups)
        {
            if (group is null || group.Width < 1 || group.Width > group.Channels)
                throw new FormatException(
                    $"The channel config gives group '{group?.Name}' width {group?.Width}; needed is one in [1, {group?.Channels}].");
            if (group.Layers.Any(layer => layer is null))
                throw new FormatException($"The channel config names a layer of group '{group.Name}' null.");
        }
        if (Groups.FirstOrDefault(g => !g.KeepsWell) is { } wrong)
            throw new FormatException(WrongKept(wrong));
        return this;
    }

    private static string WrongKept(ConfiguredGroup group) =>
        $"The channel config's list of kept channels of group '{group.Name}' is wrong; " +
        $"needed are {group.Width} different ones in [0, {group.Channels - 1}], ascending.";

    private ArgumentException Mismatch(NetworkDescription network, string what) => new(
        $"The channel config for '{Network}' ({ImageHeight}x{ImageWidth} pixels, {Classes} classes) " +
        $"does not fit network '{network.Name}': {what}. " +
        "Search again with this network, or retrain the one of the config.");
}
