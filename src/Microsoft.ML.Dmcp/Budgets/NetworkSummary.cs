using System.Globalization;
using Microsoft.ML.Dmcp.Budgets;
using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp;

/// <summary>A network as a table: its channel groups with their share of the cost.</summary>
public static class NetworkSummary
{
    /// <summary>
    /// The network as a table: a row for every channel group with its layers, channels, multiply-adds in millions and their share of all.
    /// Lines have at most 100 characters and end in <c>\n</c>.
    /// </summary>
    /// <param name="network">The network.</param>
    public static string Summary(this NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var flops = NetworkCost.Flops(network).Count(network.FullWidths);
        var parameters = NetworkCost.Parameters(network).Count(network.FullWidths);
        var table = new TextTable("group", "layers", "channels", "MFLOPs", "share");
        var byGroup = LayerFlops(network).ToLookup(layer => layer.Group, layer => layer.Flops);
        foreach (var group in network.Groups.Append(network.Shapes[^1].Segments[0]))
            Add(group.Name, byGroup[group], Text(group.Channels));
        Add("total", byGroup.SelectMany(group => group), "");
        return $"{network}, {CostText.Millions(flops)} MFLOPs, {CostText.Millions(parameters)} M parameters\n{table}";

        void Add(string name, IEnumerable<long> layers, string channels)
        {
            var each = layers.ToArray();
            table.Add(name, Text(each.Length), channels, CostText.Millions(each.Sum(), flops), CostText.Share(each.Sum(), flops));
        }
    }

    /// <summary>What every layer with parameters costs, in the order of the network. The sums are the costs of the network.</summary>
    /// <param name="network">The network.</param>
    public static IReadOnlyList<LayerCost> LayerCosts(this NetworkDescription network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var costs = new SortedDictionary<int, LayerCost>();
        for (var i = 1; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            var parameters = NetworkCost.ParametersOfLayer(network, i).Count(network.FullWidths);
            if (layer is BatchNormLayer && costs.TryGetValue(layer.Inputs[0], out var before))
            {
                costs[layer.Inputs[0]] = before with { Parameters = before.Parameters + parameters };
                continue;
            }
            var flops = NetworkCost.FlopsOfLayer(network, i).Count(network.FullWidths);
            var shape = network.Shapes[i];
            var groups = string.Join(", ", shape.Segments.Select(s => s.Name));
            if (parameters > 0 || flops > 0)
                costs[i] = new LayerCost(layer.Name, groups, shape.Channels, shape.Height, shape.Width, flops, parameters);
        }
        return [.. costs.Values];
    }

    /// <summary>The multiply-adds of every convolution and linear layer, with the group whose channels it makes.</summary>
    private static IEnumerable<(ChannelGroup Group, long Flops)> LayerFlops(NetworkDescription network)
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
