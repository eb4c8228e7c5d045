namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>Reads pools.</summary>
internal static class PoolReader
{
    public static OnnxValue MaxPool(NodeReader node)
    {
        var x = node.Image(0);
        var window = WindowReader.Read(node, x.Value, Kernel(node), out _);
        return Pool(node, x, PoolKind.Max, window);
    }

    public static OnnxValue AveragePool(NodeReader node)
    {
        var x = node.Image(0);
        var window = WindowReader.Read(node, x.Value, Kernel(node), out var overhangs);
        if (window is not { DilationY: 1, DilationX: 1 })
            throw node.Invalid("it averages over a dilated window");
        var counts = node.Integer("count_include_pad", 0) != 0;
        var isPadded = window is not { Top: 0, Left: 0, Bottom: 0, Right: 0 };
        var givenPads = node.Integers("pads")?.Any(p => p > 0) == true;
        // What reaches beyond the padding is counted by nobody.
        if (overhangs && counts && givenPads)
            throw node.Invalid("it counts its padding and has windows that reach beyond it (ceil_mode)");
        return Pool(node, x, isPadded && (!counts || overhangs) ? PoolKind.AverageOfImage : PoolKind.Average, window);
    }

    public static OnnxValue GlobalAveragePool(NodeReader node) => Average(node, node.Image(0), isKept: true);

    public static OnnxValue GlobalMaxPool(NodeReader node) => Maximum(node, node.Image(0), isKept: true);

    public static OnnxValue ReduceMean(NodeReader node) => node.Value(0) is ConstantValue
        ? throw node.Invalid("it averages a constant") : Reduce(node, Average);

    public static OnnxValue ReduceMax(NodeReader node) => node.Value(0) is ConstantValue
        ? throw node.Invalid("it takes the maximum of a constant") : Reduce(node, Maximum);

    // At the file's size it takes in the whole image: so it does at every size.
    private static FeatureValue Pool(NodeReader node, FeatureValue x, PoolKind kind, SlidingWindow window)
    {
        var source = node.Network.Source;
        var isWhole = window.Height == x.Value.Height && window.Width == x.Value.Width
            && window is { Top: 0, Left: 0, Bottom: 0, Right: 0, DilationY: 1, DilationX: 1 } && window.Height * window.Width > 1;
        if (source.IsNative && isWhole)
            source.GlobalPools.Add(node.Node);
        if (source.GlobalPools.Contains(node.Node))
            return kind == PoolKind.Max ? Maximum(node, x, isKept: true) : Average(node, x, isKept: true);
        return x with { Value = node.Network.Net.Pool(x.Value, kind, window, node.Network.NameOf(node.Node)) };
    }

    private static FeatureValue Reduce(NodeReader node, Func<NodeReader, FeatureValue, bool, FeatureValue> pool)
    {
        var x = node.Plain(0);
        var axes = node.IntegersOf("axes", 1)?.Select(a => node.Axis(a, x.Rank)).Order().ToArray() ?? [];
        int[] pixels = x.Rank == 4 ? x.IsChannelsLast ? [1, 2] : [2, 3] : x.IsChannelsLast ? [1] : [2];
        if (x.IsFlat || x.Rank == 2 || !axes.SequenceEqual(pixels))
            throw node.Invalid($"it reduces the axes [{string.Join(", ", axes)}]; only the pixels of an image are reduced");
        var isKept = node.Integer("keepdims", 1) != 0;
        if (isKept && x.Rank == 3)
            throw node.Invalid("it keeps an axis of pixels that stand in one row");
        return pool(node, x, isKept);
    }

    private static FeatureValue Average(NodeReader node, FeatureValue x, bool isKept) => x with
    {
        Value = node.Network.Net.GlobalAveragePool(x.Value, node.Network.NameOf(node.Node)),
        Rank = isKept ? 4 : 2,
    };

    private static FeatureValue Maximum(NodeReader node, FeatureValue x, bool isKept) => x with
    {
        Value = node.Network.Net.Pool(
            x.Value, PoolKind.Max, new SlidingWindow(x.Value.Height, x.Value.Width), node.Network.NameOf(node.Node)),
        Rank = isKept ? 4 : 2,
    };

    private static long[] Kernel(NodeReader node) => node.Integers("kernel_shape") ?? throw node.Invalid("it has no kernel_shape");
}
