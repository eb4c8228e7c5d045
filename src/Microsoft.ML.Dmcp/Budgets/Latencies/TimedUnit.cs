using Microsoft.ML.Dmcp.Networks;

namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// What an engine computes as one: a layer, and the batch norms, activations and dropouts behind it that nothing else reads. Layers that
/// only pass on (flatten, padding, concatenation) belong to none.
/// </summary>
/// <param name="Layers">The layers of the network, that which computes first.</param>
/// <param name="Input">Shape of what it reads.</param>
/// <param name="Output">Shape of what it gives.</param>
/// <param name="ReadsImage">Whether it reads the network's input.</param>
internal sealed record TimedUnit(IReadOnlyList<Layer> Layers, ValueShape Input, ValueShape Output, bool ReadsImage)
{
    private Layer First => Layers[0];

    /// <summary>Height and width of what it reads, in pixels; those of a flat value stand in one row.</summary>
    public (int Height, int Width) InputSize =>
        Input.FeaturesPerChannel > 1 ? (1, Input.FeaturesPerChannel) : (Input.Height, Input.Width);

    /// <summary>Whether the time depends on the channels that are read beside those that are made.</summary>
    public bool IsDense => First is ConvLayer { Depthwise: false } or LinearLayer;

    /// <summary>What it computes, in words: units with the same ones take the same time at the same widths.</summary>
    public string Name
    {
        get
        {
            var (height, width) = InputSize;
            var layers = string.Join(" + ", Layers.Select(UnitText.Of).Where(text => text.Length > 0));
            return FormattableString.Invariant($"{layers} of {width}x{height} pixels{(ReadsImage ? " of the image" : "")}");
        }
    }

    /// <summary>The units of a network.</summary>
    public static IReadOnlyList<TimedUnit> Of(NetworkDescription network)
    {
        var readers = network.Layers.SelectMany(l => l.Inputs).CountBy(i => i).ToDictionary();
        var units = new List<(List<int> Layers, int Last)>();
        for (var i = 1; i < network.Layers.Count; i++)
        {
            var (layer, input) = (network.Layers[i], network.Layers[i].Inputs[0]);
            if (layer is FlattenLayer or PadLayer or ConcatLayer)
                continue;
            var before = units.FindIndex(u => u.Last == input);
            var follows = layer is BatchNormLayer or ActivationLayer or DropoutLayer;
            if (follows && before >= 0 && readers[input] == 1)
                units[before] = ([.. units[before].Layers, i], i);
            else if (layer is not DropoutLayer)
                units.Add(([i], i));
        }
        return units.Select(u => new TimedUnit(
            u.Layers.Select(i => network.Layers[i]).ToArray(), InputOf(network, u.Layers[0]),
            network.Shapes[u.Last], network.Layers[u.Layers[0]].Inputs[0] == 0)).ToArray();
    }

    /// <summary>
    /// A network of this unit and what is around it: a convolution that makes what it reads, since engines keep values in an order of their
    /// own between layers, and a pool and scores of what it gives, since channels of scores are no group. Images are read as they come.
    /// </summary>
    /// <param name="inputs">Channels that it reads.</param>
    /// <param name="outputs">Channels that it gives.</param>
    public NetworkDescription InNetwork(int inputs, int outputs)
    {
        var (height, width) = InputSize;
        var layers = ReadsImage ? [new InputLayer("input", [], inputs, height, width)] : Before(inputs, height, width);
        if (First is LinearLayer && height * width > 1)
            layers.Add(new FlattenLayer("flatten", [layers.Count - 1]));
        foreach (var layer in Layers)
        {
            var last = layers.Count - 1;
            var read = layer with { Name = $"layer{layers.Count}", Inputs = Enumerable.Repeat(last, layer.Inputs.Count).ToArray() };
            layers.Add(read switch
            {
                ConvLayer conv => conv with { OutChannels = outputs },
                LinearLayer linear => linear with { OutFeatures = outputs },
                _ => read,
            });
        }
        return Ended(layers, isImage: Output.Height > 1 || Output.Width > 1);
    }

    /// <summary>What is around a unit that reads and gives values of one shape, without the unit.</summary>
    public static NetworkDescription Around(int channels, int height, int width) =>
        Ended(Before(channels, height, width), isImage: height > 1 || width > 1);

    private static List<Layer> Before(int channels, int height, int width) =>
    [
        new InputLayer("input", [], 1, height, width),
        new ConvLayer("before", [0], channels, Kernel: 1, Stride: 1, Padding: 0, Depthwise: false, HasBias: true),
    ];

    private static NetworkDescription Ended(List<Layer> layers, bool isImage)
    {
        if (isImage)
            layers.Add(new GlobalPoolLayer("pool", [layers.Count - 1]));
        layers.Add(new LinearLayer("scores", [layers.Count - 1], OutFeatures: 2, HasBias: true));
        return new NetworkDescription("unit", layers);
    }

    // Of the two that are multiplied, one may be the weights of the channels, one pixel large.
    private static ValueShape InputOf(NetworkDescription network, int layer) =>
        network.Layers[layer] is AddLayer or MultiplyLayer ? network.Shapes[layer] : network.Shapes[network.Layers[layer].Inputs[0]];
}
