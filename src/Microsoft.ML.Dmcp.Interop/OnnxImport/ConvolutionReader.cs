namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads convolutions and batch norms.</summary>
internal static class ConvolutionReader
{
    public static OnnxValue Conv(NodeReader node)
    {
        var (network, x, weight) = (node.Network, node.Image(0), node.Constant(1));
        var bias = node.OptionalConstant(2);
        var groups = node.Integer("group", 1);
        if (weight.Dims.Count != 4 || groups < 1 || weight.Dims[1] * groups != x.Value.Channels || weight.Dims[0] % groups != 0)
            throw node.Invalid($"its weight is [{string.Join(", ", weight.Dims)}] in {groups} groups on {x.Value.Channels} channels");
        long[] kernel = [weight.Dims[2], weight.Dims[3]];
        if (node.Integers("kernel_shape") is { } shape && !shape.SequenceEqual(kernel))
            throw node.Invalid("its kernel_shape is not that of its weight");
        if (bias is not null && bias.Count != weight.Dims[0])
            throw node.Invalid($"its bias has {bias.Count} elements for {weight.Dims[0]} filters");
        var window = WindowReader.Read(node, x.Value, kernel, out _);
        var (filters, isKept) = HeadOf(node, node.Small(weight.Dims[0], "number of filters"));
        var name = network.NameOf(node.Node, node.Node.Input[1]);
        var value = network.Net.Conv(x.Value, filters, window, (int)groups, bias is not null, name);
        if (isKept)
        {
            var turns = network.Source.IsBgr && x.Value.Layer == 0 && groups == 1 && weight.Dims[1] == 3;
            network.Weight(name, "weight", weight.Dims, turns ? () => Turned(weight) : weight.Floats);
            if (bias is not null)
                network.Weight(name, "bias", bias.Dims, bias.Floats);
        }
        return new FeatureValue(value);
    }

    public static OnnxValue BatchNormalization(NodeReader node)
    {
        var (network, x) = (node.Network, node.Plain(0));
        if (x.IsFlat || x.Rank == 3)
            throw node.Invalid("it works on flattened features; only images are read");
        if (node.Integer("spatial", 1) != 1)
            throw node.Invalid("it works on single pixels (spatial = 0)");
        var name = network.NameOf(node.Node, node.Node.Input[1]);
        var epsilon = node.Number("epsilon", 1e-5);
        // The momentum of the file suited the training that it is from, not those to come.
        var value = network.Net.BatchNorm(x.Value, epsilon, name: name);
        var input = 1;
        foreach (var weight in (string[])["weight", "bias", "running_mean", "running_var"])
        {
            var tensor = node.Constant(input++);
            if (tensor.Count != x.Value.Channels)
                throw node.Invalid($"its {weight} has {tensor.Count} elements for {x.Value.Channels} channels");
            network.Weight(name, weight, [tensor.Count], tensor.Floats);
        }
        return x with { Value = value };
    }

    /// <summary>Number of filters or outputs of a node that may be the classifier, and whether its weights are kept.</summary>
    public static (int Outputs, bool IsKept) HeadOf(NodeReader node, int outputs)
    {
        var network = node.Network;
        if (network.Source.Head != node.Node)
            return (outputs, true);
        network.Source.Classes = outputs;
        return (network.Net.Classes, network.Net.Classes == outputs);
    }

    // Filters that read blue, green, red read red, green, blue.
    private static float[] Turned(OnnxTensor weight)
    {
        var (values, plane) = (weight.Floats(), (int)(weight.Dims[2] * weight.Dims[3]));
        for (var filter = 0; filter < weight.Dims[0]; filter++)
        {
            var first = values.AsSpan(filter * 3 * plane, plane);
            var last = values.AsSpan((filter * 3 + 2) * plane, plane);
            var copy = first.ToArray();
            last.CopyTo(first);
            copy.CopyTo(last);
        }
        return values;
    }
}
