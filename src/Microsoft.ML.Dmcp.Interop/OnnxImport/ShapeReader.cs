namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads what gives values another shape.</summary>
internal static class ShapeReader
{
    public static OnnxValue Concat(NodeReader node)
    {
        if (node.Value(0) is ConstantValue)
            return ConstantReader.Concat(node);
        var parts = Enumerable.Range(0, node.InputCount).Select(node.Plain).ToArray();
        var first = parts[0];
        var channels = first.IsChannelsLast ? first.Rank - 1 : 1;
        if (node.Axis(node.Integer("axis", 1), first.Rank) != channels || first.Rank == 3 || first.FlattenedPixels is not null
            || parts.Any(p => (p.Rank, p.IsChannelsLast, p.IsFlat) != (first.Rank, first.IsChannelsLast, first.IsFlat)))
            throw node.Invalid("it puts values side by side along another axis than their channels");
        return parts.Length == 1 ? first
            : first with { Value = node.Network.Net.Concat(parts.Select(p => p.Value).ToArray(), node.Network.NameOf(node.Node)) };
    }

    public static OnnxValue Flatten(NodeReader node)
    {
        var x = node.Plain(0);
        var axis = node.Integer("axis", 1);
        return axis == 1 || (x.Rank == 2 && axis == -1)
            ? Flat(node, x) : throw node.Invalid($"it flattens behind axis {axis}; only 1 is read");
    }

    public static OnnxValue Reshape(NodeReader node)
    {
        var shape = node.Integers("shape") ?? node.Constant(1).Integers();
        if (node.Value(0) is ConstantValue constant)
            return new ConstantValue(constant.Tensor.Reshaped(Resolved(node, constant.Tensor.Dims, shape)));
        var x = node.Plain(0);
        var from = x.Dims(node.Network.Source.Batch);
        var to = Resolved(node, from, shape);
        if (to.SequenceEqual(from))
            return x;
        if (to.Length == 2 && to[0] == from[0])
            return Flat(node, x);
        var isRow = to.Length == 3 && to[0] == from[0] && x.Rank == 4 && (x.IsChannelsLast ? to[2] == from[3] : to[1] == from[1]);
        if (isRow)
            return x with { Rank = 3 };
        var isImage = to.Length == 4 && to[0] == from[0] && !x.IsFlat;
        if (isImage && x is { Value: { Height: 1, Width: 1 }, Rank: 2 } && to[2] == 1 && to[3] == 1)
            return x with { Rank = 4, IsChannelsLast = false };
        if (isImage && x is { Value: { Height: 1, Width: 1 } } && to[1] == 1 && to[2] == 1)
            return x with { Rank = 4, IsChannelsLast = true };
        if (ShuffleOf(node, x, from, to) is { } shuffle)
            throw node.Invalid(shuffle);
        throw node.Invalid($"it makes [{string.Join(", ", to)}] of [{string.Join(", ", from)}]; only flattening is read");
    }

    public static OnnxValue Squeeze(NodeReader node)
    {
        var axes = node.IntegersOf("axes", 1);
        if (node.Value(0) is ConstantValue constant)
            return ConstantReader.Squeeze(node, constant.Tensor, axes);
        var x = node.Plain(0);
        var removed = axes?.Select(a => node.Axis(a, x.Rank)).Order().ToArray();
        int[] pixels = x.Rank == 4 ? x.IsChannelsLast ? [1, 2] : [2, 3] : [];
        if (removed is not null && pixels.Length > 0 && removed.SequenceEqual(pixels) && x.Value is { Height: 1, Width: 1 })
            return x with { Rank = 2, IsChannelsLast = false };
        // One axis after the other.
        if (removed is [var one] && x.Value is { Height: 1, Width: 1 })
        {
            if (x.Rank == 4 && pixels.Contains(one))
                return x with { Rank = 3 };
            if (x.Rank == 3 && one == (x.IsChannelsLast ? 1 : 2))
                return x with { Rank = 2, IsChannelsLast = false };
        }
        throw node.Invalid($"it removes the axes [{string.Join(", ", removed ?? [])}]; only pixels of an image of one are removed");
    }

    public static OnnxValue Unsqueeze(NodeReader node)
    {
        var axes = node.IntegersOf("axes", 1) ?? throw node.Invalid("its axes are missing");
        if (node.Value(0) is ConstantValue constant)
            return ConstantReader.Unsqueeze(node, constant.Tensor, axes);
        var x = node.Plain(0);
        var added = axes.Select(a => node.Axis(a, x.Rank + axes.Length)).Order().ToArray();
        if (x is { Rank: 2, IsFlat: false, Value: { Height: 1, Width: 1 } } && (added is [2, 3] or [1, 2]))
            return x with { Rank = 4, IsChannelsLast = added is [1, 2] };
        if (x is { Rank: 2, IsFlat: false, Value: { Height: 1, Width: 1 } } && added is [2])
            return x with { Rank = 3 };
        if (x is { Rank: 3, IsChannelsLast: false, Value: { Height: 1, Width: 1 } } && added is [3])
            return x with { Rank = 4 };
        throw node.Invalid($"it adds the axes [{string.Join(", ", added)}]; only pixels of an image of one are added");
    }

    public static OnnxValue Transpose(NodeReader node)
    {
        var order = node.Integers("perm");
        if (node.Value(0) is ConstantValue constant)
            return ConstantReader.Transpose(node, constant.Tensor, order);
        // The scale of the pixels may come before: it goes by channels, wherever they are.
        var x = node.Feature(0);
        if (order is null || order.SequenceEqual(Enumerable.Range(0, x.Rank).Select(i => (long)i)))
            return order is null ? throw node.Invalid("it turns all axes around") : x;
        var (toFirst, toLast) = x.Rank == 4 ? (new long[] { 0, 3, 1, 2 }, new long[] { 0, 2, 3, 1 }) : ([0, 2, 1], [0, 2, 1]);
        if (x.Rank >= 3 && !x.IsFlat && order.SequenceEqual(x.IsChannelsLast ? toFirst : toLast))
            return x with { IsChannelsLast = !x.IsChannelsLast };
        throw node.Invalid($"it orders the axes [{string.Join(", ", order)}]; only the channels before or behind the pixels are read");
    }

    public static OnnxValue Pad(NodeReader node)
    {
        var x = node.Plain(0);
        var pads = node.Opset < 11 ? node.Integers("pads") ?? [] : node.Constant(1).Integers();
        var value = node.Opset < 11 ? node.Number("value", 0) : node.OptionalConstant(2)?.Floats()[0] ?? 0;
        if (node.Text("mode", "constant") is var mode && mode != "constant")
            throw node.Invalid($"it pads in mode '{mode}'");
        if (node.OptionalConstant(3) is { } given)
        {
            var all = new long[2 * x.Rank];
            var axes = given.Integers();
            for (var i = 0; i < axes.Length; i++)
                (all[node.Axis(axes[i], x.Rank)], all[node.Axis(axes[i], x.Rank) + x.Rank]) = (pads[i], pads[i + axes.Length]);
            pads = all;
        }
        if (pads.All(p => p == 0))
            return x;
        var (row, channel) = x.IsChannelsLast ? (1, 3) : (2, 1);
        if (x.Rank != 4 || pads.Length != 8 || pads.Min() < 0 || pads[0] + pads[4] + pads[channel] + pads[channel + 4] > 0)
            throw node.Invalid($"it pads by [{string.Join(", ", pads)}]; only the pixels of images are padded");
        return x with
        {
            Value = node.Network.Net.Pad(x.Value, S(pads[row]), S(pads[row + 1]), S(pads[row + 4]), S(pads[row + 5]), value,
                node.Network.NameOf(node.Node)),
        };

        int S(long pixels) => node.Small(pixels, "padding");
    }

    private static FeatureValue Flat(NodeReader node, FeatureValue x)
    {
        if (x.Rank == 2)
            return x;
        if (x.Value is { Height: 1, Width: 1 })
            return x with { Rank = 2, IsChannelsLast = false };
        return new FeatureValue(node.Network.Net.Flatten(x.Value, node.Network.NameOf(node.Node)), Rank: 2, IsFlat: true)
        {
            FlattenedPixels = x.IsChannelsLast ? (x.Value.Height, x.Value.Width) : null,
        };
    }

    // Channels are split into two dimensions, which the next node swaps (ShuffleNet). They would leave the places where their channel group
    // has them.
    private static string? ShuffleOf(NodeReader node, FeatureValue x, long[] from, long[] to)
    {
        var at = x.IsChannelsLast ? from.Length - 1 : 1;
        if (to.Length != from.Length + 1 || !to[..at].SequenceEqual(from[..at]) || !to[(at + 2)..].SequenceEqual(from[(at + 1)..])
            || node.Network.Graph.ReadersOf(node.Node.Output[0]) is not [{ OpType: "Transpose" } transpose])
            return null;
        var swapped = Enumerable.Range(0, to.Length).Select(i => i == at ? at + 1L : i == at + 1 ? at : i);
        return new NodeReader(node.Network, transpose).Integers("perm")?.SequenceEqual(swapped) != true ? null
            : FormattableString.Invariant($"with '{NodeReader.NameOf(transpose)}' (Transpose) it is a channel shuffle of {to[at]} times ") +
                FormattableString.Invariant($"{to[at + 1]} channels, which is not supported: channels that are pruned together would be ") +
                "scattered among others. Networks without it, such as MobileNetV2, can be imported";
    }

    // 0 is the dimension as it was, −1 what is left.
    private static long[] Resolved(NodeReader node, IReadOnlyList<long> from, long[] shape)
    {
        var to = shape.Select((dim, i) => dim == 0 && i < from.Count ? from[i] : dim).ToArray();
        var count = OnnxTensor.CountOf(from);
        var known = OnnxTensor.CountOf(to.Where(d => d != -1));
        if (to.Count(d => d == -1) == 1 && known > 0)
            to[Array.IndexOf(to, -1)] = count / known;
        return OnnxTensor.CountOf(to) == count ? to
            : throw node.Invalid($"it makes [{string.Join(", ", shape)}] of [{string.Join(", ", from)}]: " +
                "the image has another size than the file's");
    }
}
