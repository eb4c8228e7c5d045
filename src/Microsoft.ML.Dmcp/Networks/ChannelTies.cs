namespace Microsoft.ML.Dmcp.Networks;

/// <summary>
/// Which channels must be pruned together: a union-find over the outputs of the layers that make channels. Additions, products and
/// depth-wise convolutions tie; batch norm, activations and pools just pass channels on.
/// </summary>
internal sealed class ChannelTies
{
    private readonly List<Node> _nodes = [];

    private sealed class Node(int parent, int channels)
    {
        public int Parent = parent;
        public readonly int Channels = channels;
        public bool Fixed;
        public readonly List<string> Layers = [];
    }

    /// <summary>New channels, made by the named layer.</summary>
    public int Make(string layer, int channels, bool isFixed)
    {
        var node = new Node(_nodes.Count, channels) { Fixed = isFixed };
        node.Layers.Add(layer);
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    public int ChannelsOf(int node) => _nodes[node].Channels;

    /// <summary>The layer's outputs are further channels of the node (a depth-wise convolution).</summary>
    public void AddLayer(int node, string layer) => _nodes[Root(node)].Layers.Add(layer);

    /// <summary>The channels can no longer be pruned (the classes).</summary>
    public void Fix(int node) => _nodes[Root(node)].Fixed = true;

    /// <summary>The two must keep equal widths from now on.</summary>
    public void Tie(int a, int b)
    {
        (a, b) = (Root(a), Root(b));
        if (a == b)
            return;
        var (keep, drop) = a < b ? (a, b) : (b, a);
        _nodes[drop].Parent = keep;
        _nodes[keep].Fixed |= _nodes[drop].Fixed;
        _nodes[keep].Layers.AddRange(_nodes[drop].Layers);
    }

    /// <summary>The group of every node; groups that can be pruned are numbered in the order in which the network makes them.</summary>
    public ChannelGroup[] Resolve(IReadOnlyDictionary<string, int> layerOrder)
    {
        var groups = new ChannelGroup[_nodes.Count];
        var count = 0;
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (Root(i) != i)
                continue;
            var layers = _nodes[i].Layers.OrderBy(l => layerOrder[l]).ToArray();
            groups[i] = new ChannelGroup(_nodes[i].Fixed ? -1 : count++, layers[0], _nodes[i].Channels, layers);
        }
        for (var i = 0; i < _nodes.Count; i++)
            groups[i] = groups[Root(i)];
        return groups;
    }

    private int Root(int node)
    {
        while (_nodes[node].Parent != node)
            node = _nodes[node].Parent = _nodes[_nodes[node].Parent].Parent;
        return node;
    }
}
