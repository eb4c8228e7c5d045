namespace Microsoft.ML.Dmcp.Interop.Configs;

/// <summary>Widths that another tool gives to single layers, gathered to one for every channel group.</summary>
/// <param name="network">The unpruned network.</param>
internal sealed class TiedWidths(NetworkDescription network)
{
    private readonly (long Width, string Place)?[] _widths = new (long, string)?[network.Groups.Count];

    /// <summary>Takes the number of channels that a layer makes.</summary>
    /// <exception cref="FormatException">It cannot be, or another layer of the group has another one.</exception>
    public void Output(int layer, long width) => Set(layer, width, $"layer '{network.Layers[layer].Name}'");

    /// <summary>Takes the number of channels that a layer reads.</summary>
    /// <exception cref="FormatException">It cannot be, or a layer that makes them has another one.</exception>
    public void Input(int layer, long width) =>
        Set(network.Layers[layer].Inputs[0], width, $"the input of layer '{network.Layers[layer].Name}'");

    /// <summary>The config, with a width for every group.</summary>
    /// <param name="tool">Where the widths are from.</param>
    /// <exception cref="FormatException">A group has none.</exception>
    public ChannelConfig ToConfig(string tool)
    {
        if (network.Groups.FirstOrDefault(g => _widths[g.Index] is null) is { } missing)
            throw new FormatException($"It has no width for channel group '{missing.Name}' of network '{network.Name}'.");
        var method = new SearchMethod(tool, new Dictionary<string, string>());
        return ChannelConfig.Of(network, _widths.Select(w => (int)w!.Value.Width).ToArray(), method);
    }

    private void Set(int layer, long width, string place)
    {
        // The networks whose layers other tools name have no concatenations, and lists are by what a layer makes: one group.
        var group = network.Shapes[layer].Segments.Single();
        if (group.IsFixed)
        {
            if (width != group.Channels)
                throw new FormatException($"It gives {place} {width} channels; there are {group.Channels}, which cannot be pruned.");
            return;
        }
        if (width < 1 || width > group.Channels)
            throw new FormatException($"It gives {place} {width} channels; needed is a number in [1, {group.Channels}], " +
                $"the width of channel group '{group.Name}' in network '{network.Name}'.");
        var (known, first) = _widths[group.Index] ??= (width, place);
        if (known != width)
            throw new FormatException($"It gives {first} {known} channels, but {place} {width}: both belong to channel group " +
                $"'{group.Name}' of network '{network.Name}', which has one width.");
    }
}
