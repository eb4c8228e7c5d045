namespace Microsoft.ML.Dmcp.Networks;

/// <summary>Derives the shape and the channel groups of every value from the layers, and refuses layers that do not fit together.</summary>
internal sealed class ShapeInference
{
    // Far above all networks that anyone trains, and low enough that a file made to hurt costs little time and memory.
    private const int LargestExtent = 1 << 20, LargestKernel = 1 << 10;
    private const int MostLayers = 10_000, MostSegments = 1_000_000, MostElements = 1 << 30;
    private const double MostMultiplications = 1L << 48;

    private readonly IReadOnlyList<Layer> _layers;
    private readonly ChannelTies _ties = new();
    private readonly List<Traced> _values = [];
    private long _segments;

    // Flat values are [N, features]; the others are images, [N, C, H, W], be they one pixel large.
    private sealed record Traced(IReadOnlyList<int> Nodes, int Height, int Width, int FeaturesPerChannel, bool Flat = false);

    private ShapeInference(IReadOnlyList<Layer> layers) => _layers = layers;

    /// <summary>Shape of every layer's value.</summary>
    /// <exception cref="ArgumentException">The layers do not form a network; the message names the layer.</exception>
    public static ValueShape[] Infer(IReadOnlyList<Layer> layers) => new ShapeInference(layers).Run();

    private ValueShape[] Run()
    {
        if (_layers.Count > MostLayers)
            throw new ArgumentException($"The network has {_layers.Count} layers; at most {MostLayers} are allowed.");
        var order = new Dictionary<string, int>();
        for (var i = 0; i < _layers.Count; i++)
        {
            var layer = _layers[i] ?? throw new ArgumentException($"Layer {i} is null.");
            if (string.IsNullOrWhiteSpace(layer.Name) || !order.TryAdd(layer.Name, i))
                throw new ArgumentException($"Layer {i} is named '{layer.Name}'; every layer needs a name of its own.");
            if (layer.Inputs is null || layer.Inputs.Any(input => input < 0 || input >= i))
                throw Invalid(layer, "reads a value that no earlier layer makes");
            if (layer is InputLayer != (i == 0))
                throw Invalid(layer, "is out of place: a network has one input, as its first layer");
            _values.Add(Checked(layer, Trace(layer)));
        }
        if (_layers.Count < 2)
            throw new ArgumentException("A network needs an input and at least one more layer.");
        var read = _layers.SelectMany(l => l.Inputs).ToHashSet();
        if (Enumerable.Range(0, _layers.Count - 1).FirstOrDefault(i => !read.Contains(i), -1) is var unread and >= 0)
            throw Invalid(_layers[unread], "is read by no other layer: use its value or leave it out");
        var output = _values[^1];
        if (output is not { Height: 1, Width: 1, Nodes.Count: 1, FeaturesPerChannel: 1 })
            throw Invalid(_layers[^1], "is the last layer and must give one score a class; end the network with Linear");
        _ties.Fix(output.Nodes[0]);

        var groups = _ties.Resolve(order);
        return _values
            .Select(v => new ValueShape(v.Nodes.Select(n => groups[n]).ToArray(), v.Height, v.Width, v.FeaturesPerChannel))
            .ToArray();
    }

    private Traced Trace(Layer layer)
    {
        switch (layer)
        {
            case InputLayer input:
                Positive(layer, input.Channels, input.Height, input.Width);
                return new Traced([_ties.Make(layer.Name, input.Channels, isFixed: true)], input.Height, input.Width, 1);
            case ConvLayer conv:
                return TraceConv(conv, Image(layer));
            case BatchNormLayer bn:
                if (!(bn.Epsilon > 0) || bn.Momentum is not (> 0 and <= 1))
                    throw Invalid(layer, $"has epsilon {bn.Epsilon} and momentum {bn.Momentum}; " +
                        "needed are epsilon > 0 and momentum in (0, 1]");
                return Image(layer);
            case ActivationLayer activation:
                CheckActivation(activation);
                return Single(layer);
            case DropoutLayer dropout:
                if (dropout.Probability is not (>= 0 and < 1))
                    throw Invalid(layer, $"has probability {dropout.Probability}; needed is one in [0, 1)");
                return Single(layer);
            case PoolLayer pool:
                return TracePool(pool, Image(layer));
            case PadLayer pad:
                return TracePad(pad, Image(layer));
            case GlobalPoolLayer:
                return Image(layer) with { Height = 1, Width = 1 };
            case AddLayer:
                return TraceTied(layer, broadcast: false);
            case MultiplyLayer:
                return TraceTied(layer, broadcast: true);
            case ConcatLayer:
                return TraceConcat(layer);
            case FlattenLayer:
                var flat = Image(layer);
                return new Traced(flat.Nodes, 1, 1, checked(flat.Height * flat.Width), Flat: true);
            case LinearLayer linear:
                Positive(layer, linear.OutFeatures);
                if (Single(layer) is not { Height: 1, Width: 1 })
                    throw Invalid(layer, "reads an image; put GlobalAveragePool or Flatten before it");
                return new Traced([_ties.Make(layer.Name, linear.OutFeatures, isFixed: false)], 1, 1, 1, Flat: true);
            default:
                throw Invalid(layer, $"is of an unknown kind {layer.GetType().Name}");
        }
    }

    /// <summary>Refuses values that no memory holds, before anything is made of them.</summary>
    private Traced Checked(Layer layer, Traced value)
    {
        _segments += value.Nodes.Count;
        var channels = value.Nodes.Sum(n => (long)_ties.ChannelsOf(n));
        var elements = (double)channels * value.Height * value.Width * value.FeaturesPerChannel;
        if (_segments > MostSegments || elements > MostElements)
            throw Invalid(layer, FormattableString.Invariant(
                $"makes a value of {elements:0} numbers in {value.Nodes.Count} segments of channels, which is too large"));
        var read = layer switch
        {
            ConvLayer { Depthwise: true } => 1,
            ConvLayer { Groups: > 0 } grouped => Channels(_values[layer.Inputs[0]]) / (double)grouped.Groups,
            ConvLayer or LinearLayer => Channels(_values[layer.Inputs[0]]) * (double)_values[layer.Inputs[0]].FeaturesPerChannel,
            _ => 0,
        };
        if (read * elements * (layer is ConvLayer conv ? conv.Sliding.Area : 1) > MostMultiplications)
            throw Invalid(layer, FormattableString.Invariant(
                $"needs more than {MostMultiplications:0} multiplications an image, which is too many"));
        return value;
    }

    private Traced TraceConv(ConvLayer conv, Traced x)
    {
        Positive(conv, conv.OutChannels);
        var (height, width) = Slide(conv, conv.Sliding, (conv.Kernel, conv.Stride, conv.Padding), x, side => side);
        if (conv.Groups != 0)
            return TraceGroups(conv, x) with { Height = height, Width = width };
        if (!conv.Depthwise)
            return new Traced([_ties.Make(conv.Name, conv.OutChannels, isFixed: false)], height, width, 1);
        if (conv.OutChannels != Channels(x))
            throw Invalid(conv, $"is depth-wise with {conv.OutChannels} filters on {Channels(x)} channels; " +
                "needed are as many filters as channels");
        foreach (var node in x.Nodes)
            _ties.AddLayer(node, conv.Name);
        return x with { Height = height, Width = width };
    }

    // Every filter of a group reads the channels of that group: removing a channel would move the ones behind it into other groups.
    private Traced TraceGroups(ConvLayer conv, Traced x)
    {
        if (conv.Depthwise || conv.Groups < 2 || Channels(x) % conv.Groups != 0 || conv.OutChannels % conv.Groups != 0)
            throw Invalid(conv, $"has {conv.Groups} groups for {Channels(x)} channels and {conv.OutChannels} filters; " +
                "needed are two or more that divide both, or 0 where it is dense or depth-wise");
        foreach (var node in x.Nodes)
            _ties.Fix(node);
        return new Traced([_ties.Make(conv.Name, conv.OutChannels, isFixed: true)], 1, 1, 1);
    }

    private Traced TracePool(PoolLayer pool, Traced x)
    {
        if (!Enum.IsDefined(pool.Kind))
            throw Invalid(pool, $"has an unknown kind {pool.Kind}");
        var (height, width) = Slide(pool, pool.Sliding, (pool.Kernel, pool.Stride, pool.Padding), x,
            side => pool.Window is null ? side / 2 : side - 1);
        if (pool.Kind != PoolKind.Max && pool.Sliding is not { DilationY: 1, DilationX: 1 })
            throw Invalid(pool, "averages over a dilated window; only a maximum can be taken over one");
        return x with { Height = height, Width = width };
    }

    private static Traced TracePad(PadLayer pad, Traced x)
    {
        if (new[] { pad.Top, pad.Left, pad.Bottom, pad.Right }.Any(side => side is < 0 or > LargestExtent) || !double.IsFinite(pad.Value))
            throw Invalid(pad, $"pads by {pad.Top}, {pad.Left}, {pad.Bottom}, {pad.Right} pixels of {pad.Value}; " +
                $"needed are widths in [0, {LargestExtent}] and a finite value");
        return x with { Height = x.Height + pad.Top + pad.Bottom, Width = x.Width + pad.Left + pad.Right };
    }

    private static void CheckActivation(ActivationLayer activation)
    {
        if (!Enum.IsDefined(activation.Function))
            throw Invalid(activation, $"has an unknown function {activation.Function}");
        if (activation is { Alpha: { } alpha } && !double.IsFinite(alpha) || activation is { Beta: { } beta } && !double.IsFinite(beta)
            || activation is { Function: Activation.Clip, Alpha: var low, Beta: var high } && low > high)
            throw Invalid(activation, $"has the parameters {activation.Alpha} and {activation.Beta}; " +
                "needed are finite ones, ascending for Clip");
    }

    private Traced TraceTied(Layer layer, bool broadcast)
    {
        if (layer.Inputs.Count != 2)
            throw Invalid(layer, $"reads {layer.Inputs.Count} values; needed are 2");
        var (a, b) = (_values[layer.Inputs[0]], _values[layer.Inputs[1]]);
        var samePixels = (a.Height, a.Width) == (b.Height, b.Width) || (broadcast && b is { Height: 1, Width: 1 });
        if (a.Flat != b.Flat)
            throw Invalid(layer, "reads an image and a flattened value; use a 1x1 convolution instead of Linear on the image's side");
        if (Channels(a) != Channels(b) || !samePixels || a.FeaturesPerChannel != b.FeaturesPerChannel)
            throw Invalid(layer, $"reads {Channels(a)}x{a.Height}x{a.Width} and {Channels(b)}x{b.Height}x{b.Width}; the shapes must agree");
        if (!a.Nodes.Select(_ties.ChannelsOf).SequenceEqual(b.Nodes.Select(_ties.ChannelsOf)))
            throw Invalid(layer, "ties concatenations whose parts differ in width; put a convolution between");
        for (var i = 0; i < a.Nodes.Count; i++)
            _ties.Tie(a.Nodes[i], b.Nodes[i]);
        return a;
    }

    private Traced TraceConcat(Layer layer)
    {
        if (layer.Inputs.Count < 2)
            throw Invalid(layer, $"reads {layer.Inputs.Count} value; needed are 2 or more");
        var parts = layer.Inputs.Select(i => _values[i]).ToArray();
        if (parts.Any(p => (p.Height, p.Width, p.FeaturesPerChannel, p.Flat) != (parts[0].Height, parts[0].Width, 1, parts[0].Flat)))
            throw Invalid(layer, "reads values of different height and width, or flattened ones");
        if (parts.Sum(p => (long)p.Nodes.Count) > MostSegments)
            throw Invalid(layer, "puts too many values side by side");
        return parts[0] with { Nodes = parts.SelectMany(p => p.Nodes).ToArray() };
    }

    private Traced Single(Layer layer) =>
        layer.Inputs.Count == 1 ? _values[layer.Inputs[0]] : throw Invalid(layer, $"reads {layer.Inputs.Count} values; needed is 1");

    private Traced Image(Layer layer)
    {
        var x = Single(layer);
        return !x.Flat
            ? x : throw Invalid(layer, "reads a flattened value; it needs an image");
    }

    private int Channels(Traced value) => value.Nodes.Sum(_ties.ChannelsOf);

    /// <summary>Number of positions of a window, Eq. 11 for a square one: ⌊(S_I + 2·S_P − S_K)/stride⌋ + 1.</summary>
    /// <param name="layer">Whose window.</param>
    /// <param name="window">The window.</param>
    /// <param name="square">Side, stride and padding as the layer gives them for square ones.</param>
    /// <param name="x">The image.</param>
    /// <param name="most">The padding that a window of a side may have.</param>
    private static (int Height, int Width) Slide(
        Layer layer, SlidingWindow window, (int Side, int Stride, int Padding) square, Traced x, Func<long, long> most)
    {
        if ((window.Height, window.StrideY, window.Top) != square)
            throw Invalid(layer, "has a window that is not of its kernel, stride and padding");
        Positive(layer, window.Height, window.Width, window.StrideY, window.StrideX, window.DilationY, window.DilationX);
        var (tall, wide) = ((window.Height - 1L) * window.DilationY + 1, (window.Width - 1L) * window.DilationX + 1);
        if (Math.Max(tall, wide) > LargestKernel)
            throw Invalid(layer, $"has a window of {tall}x{wide} pixels; needed is one of at most {LargestKernel} a side");
        if (new[] { window.Top, window.Left, window.Bottom, window.Right }.Min() < 0
            || Math.Max(window.Top, window.Bottom) > most(tall) || Math.Max(window.Left, window.Right) > most(wide))
            throw Invalid(layer, $"has padding {window.Top} for a window of {window.Height}; needed is one from 0 to " +
                $"{most(tall)}");
        var (rows, columns) = (window.RowsIn(x.Height), window.ColumnsIn(x.Width));
        if (rows < 1 || columns < 1)
            throw Invalid(layer, $"slides a window of {tall}x{wide} over {x.Height}x{x.Width} pixels with padding {window.Top}: " +
                "the image is too small for this network");
        return ((int)rows, (int)columns);
    }

    private static void Positive(Layer layer, params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
            if (value is < 1 or > LargestExtent)
                throw Invalid(layer, $"has a size of {value}; needed is one in [1, {LargestExtent}]");
    }

    private static ArgumentException Invalid(Layer layer, string what) => new($"Layer '{layer.Name}' {what}.");
}
