namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>
/// The structure that the authors' DMCP release writes and trains: a dict with a pair (channels read, channels made) for every convolution,
/// with only the made channels for the first and only the read ones for the classifier of ResNets.
/// </summary>
internal static class ReleaseConfig
{
    /// <summary>Name of the file in the folder that the release is given.</summary>
    public const string FileName = "sample.npy";

    private const string Tool = "dmcp-release";

    public static ChannelConfig Read(byte[] bytes, NetworkDescription network)
    {
        var layers = PeerLayers.Of(network).Where(l => l.Release is not null).ToArray();
        var entries = Entries(NumpyDict.Read(bytes), layers);
        var widths = new TiedWidths(network);
        foreach (var layer in layers)
        {
            var channels = Channels(entries, layer, HasInput(network, layer), HasOutput(network, layer));
            if (HasInput(network, layer))
                widths.Input(layer.Index, channels[0]);
            if (HasOutput(network, layer))
                widths.Output(layer.Index, channels[^1]);
        }
        return widths.ToConfig(Tool);
    }

    public static byte[] Write(NetworkDescription network, int[] widths)
    {
        var root = new Dictionary<string, object?>();
        foreach (var layer in PeerLayers.Of(network).Where(l => l.Release is not null))
        {
            var keys = layer.Release!.Split('.');
            var dict = root;
            foreach (var key in keys[..^1])
            {
                dict.TryAdd(key, new Dictionary<string, object?>());
                dict = (Dictionary<string, object?>)dict[key]!;
            }
            long read = network.Shapes[network.Layers[layer.Index].Inputs[0]].ChannelsIn(widths);
            long made = network.Shapes[layer.Index].ChannelsIn(widths);
            dict[keys[^1]] = !HasInput(network, layer) ? made : !HasOutput(network, layer) ? read : new object?[] { read, made };
        }
        return NumpyDict.Write(root);
    }

    private static bool HasInput(NetworkDescription network, PeerLayer layer) => network.Layers[layer.Index].Inputs[0] != 0;

    private static bool HasOutput(NetworkDescription network, PeerLayer layer) => network.Layers[layer.Index] is not LinearLayer;

    // What stands at every place. A dict may hold itself or one dict a thousand times: only places that the network has are gone into.
    private static Dictionary<string, object?> Entries(Dictionary<string, object?> root, PeerLayer[] layers)
    {
        var places = layers.Select(l => l.Release!).ToHashSet();
        var parents = places.SelectMany(Parents).ToHashSet();
        var entries = new Dictionary<string, object?>();
        Enter(root, "");
        return entries;

        void Enter(Dictionary<string, object?> dict, string prefix)
        {
            foreach (var (key, value) in dict)
            {
                var place = prefix + key;
                if (places.Contains(place))
                    entries[place] = value;
                else if (parents.Contains(place) && value is Dictionary<string, object?> inner)
                    Enter(inner, place + ".");
                else
                    throw new FormatException($"Its entry '{Shortened(place)}' is none of the network's " +
                        $"({places.Count} convolutions, '{layers[0].Release}' to '{layers[^1].Release}').");
            }
        }
    }

    private static IEnumerable<string> Parents(string place) =>
        Enumerable.Range(0, place.Length).Where(i => place[i] == '.').Select(i => place[..i]);

    private static long[] Channels(Dictionary<string, object?> entries, PeerLayer layer, bool hasInput, bool hasOutput)
    {
        if (!entries.TryGetValue(layer.Release!, out var value))
            throw new FormatException($"It has no entry '{layer.Release}'.");
        return (hasInput && hasOutput, value) switch
        {
            (false, long number) => [number],
            (true, object?[] and [long read, long made]) => [read, made],
            (true, List<object?> and [long read, long made]) => [read, made],
            (true, _) => throw new FormatException($"Its entry '{layer.Release}' is no pair of integers, the channels read and made."),
            _ => throw new FormatException($"Its entry '{layer.Release}' is no integer."),
        };
    }

    private static string Shortened(string text) => text.Length > 80 ? text[..80] + "..." : text;
}
