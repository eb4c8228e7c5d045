using System.Globalization;

namespace Microsoft.ML.Dmcp.Networks;

/// <summary>A network as a table: its channel groups with their share of the cost.</summary>
/// <param name="network">The network.</param>
internal sealed class NetworkSummary(NetworkDescription network)
{
    private readonly long _flops = NetworkCost.Flops(network).Count(network.FullWidths);
    private readonly long _parameters = NetworkCost.Parameters(network).Count(network.FullWidths);

    /// <summary>One line.</summary>
    public string Line() => string.Create(CultureInfo.InvariantCulture,
        $"{network.Name}: {network.Input.Width}x{network.Input.Height} pixels, {network.Classes} classes, " +
        $"{CostText.Millions(_flops)} MFLOPs, {CostText.Millions(_parameters)} M parameters");

    /// <summary>One line, and a row for every channel group and for the classes.</summary>
    public string Table()
    {
        var table = new TextTable("group", "layers", "channels", "MFLOPs", "share");
        var byGroup = LayerFlops().ToLookup(layer => layer.Group, layer => layer.Flops);
        foreach (var group in network.Groups.Append(network.Shapes[^1].Segments[0]))
            Add(table, group.Name, byGroup[group], Text(group.Channels));
        Add(table, "total", byGroup.SelectMany(group => group), "");
        return $"{Line()}\n{table}";
    }

    private void Add(TextTable table, string name, IEnumerable<long> layers, string channels)
    {
        var flops = layers.ToArray();
        table.Add(name, Text(flops.Length), channels, CostText.Millions(flops.Sum(), _flops), CostText.Share(flops.Sum(), _flops));
    }

    /// <summary>The multiply-adds of every convolution and linear layer, with the group whose channels it makes.</summary>
    private IEnumerable<(ChannelGroup Group, long Flops)> LayerFlops()
    {
        for (var i = 1; i < network.Layers.Count; i++)
        {
            if (network.Layers[i] is not (ConvLayer or LinearLayer))
                continue;
            // A depth-wise convolution behind a concatenation makes channels of several groups.
            var flops = NetworkCost.FlopsOfLayer(network, i).Count(network.FullWidths);
            foreach (var segment in network.Shapes[i].Segments)
                yield return (segment, flops * segment.Channels / network.Shapes[i].Channels);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
