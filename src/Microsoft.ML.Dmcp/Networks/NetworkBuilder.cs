namespace Microsoft.ML.Dmcp;

/// <summary>
/// Describes a network, line by line, as one reads it:
/// <code>
/// var x = net.Conv(net.Input, 64, kernel: 3);
/// x = net.ReLU(net.BatchNorm(x));
/// x = net.Linear(net.GlobalAveragePool(x), net.Classes);
/// </code>
/// Nothing has to be said about pruning: channel groups follow from the graph. <see cref="NetworkArchitecture"/> makes a builder for the
/// images and classes of the data and hands it over: <c>new NetworkArchitecture("mine", net => ...)</c>.
/// </summary>
public sealed class NetworkBuilder
{
    private readonly List<Layer> _layers = [];

    /// <summary>Begins a network.</summary>
    /// <param name="name">Name of the architecture.</param>
    /// <param name="channels">Channels of the images, 3 for colour.</param>
    /// <param name="height">Height of the images in pixels.</param>
    /// <param name="width">Width of the images in pixels.</param>
    /// <param name="classes">Number of classes.</param>
    public NetworkBuilder(string name, int channels, int height, int width, int classes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Name = name;
        Classes = classes;
        Input = Add(new InputLayer("input", [], channels, height, width), new NetworkValue(0, channels, height, width));
    }

    /// <summary>Name of the architecture.</summary>
    public string Name { get; }

    /// <summary>Number of classes that the last layer must give a score.</summary>
    public int Classes { get; }

    /// <summary>The image.</summary>
    public NetworkValue Input { get; }

    /// <summary>A dense convolution with a square kernel. [N, C, H, W] → [N, <paramref name="channels"/>, H', W'].</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="channels">Number of filters.</param>
    /// <param name="kernel">Side of the kernel in pixels.</param>
    /// <param name="stride">Step in pixels.</param>
    /// <param name="padding">Zeros at each side; by default (kernel − 1)/2, which keeps the size at stride 1.</param>
    /// <param name="bias">Whether a bias is added; not needed before a batch norm.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Conv(
        NetworkValue x, int channels, int kernel, int stride = 1, int? padding = null, bool bias = false, string? name = null) =>
        Windowed(x, channels, kernel, stride, padding ?? (kernel - 1) / 2,
            p => new ConvLayer(NameOf(name, "conv"), [x.Layer], channels, kernel, stride, p, Depthwise: false, bias));

    /// <summary>A depth-wise convolution: every filter reads its own channel. Ties its output to its input.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="kernel">Side of the kernel in pixels.</param>
    /// <param name="stride">Step in pixels.</param>
    /// <param name="padding">Zeros at each side; by default (kernel − 1)/2.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue DepthwiseConv(
        NetworkValue x, int kernel, int stride = 1, int? padding = null, bool bias = false, string? name = null) =>
        Windowed(x, x.Channels, kernel, stride, padding ?? (kernel - 1) / 2,
            p => new ConvLayer(NameOf(name, "conv"), [x.Layer], x.Channels, kernel, stride, p, Depthwise: true, bias));

    /// <summary>
    /// A convolution with a kernel of any shape, in groups of channels or none. Groups of one channel with one filter each make it
    /// depth-wise; the channels that other groups read and make are not pruned.
    /// </summary>
    /// <param name="x">What it reads.</param>
    /// <param name="channels">Number of filters.</param>
    /// <param name="window">Kernel, stride, padding and dilation.</param>
    /// <param name="groups">Number of groups; divides the channels and the filters.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Conv(
        NetworkValue x, int channels, SlidingWindow window, int groups = 1, bool bias = false, string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        var isDepthwise = groups > 1 && groups == x.Channels && groups == channels;
        return Windowed(x, channels, window, (w, special) =>
            new ConvLayer(NameOf(name, "conv"), [x.Layer], channels, w.Height, w.StrideY, w.Top, isDepthwise, bias)
            {
                Window = special,
                Groups = isDepthwise || groups == 1 ? 0 : groups,
            });
    }

    /// <summary>Batch normalisation. The gates of the search multiply its scale and shift (Eq. 7).</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="momentum">Weight of the newest batch in the running statistics.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue BatchNorm(NetworkValue x, double epsilon = 1e-5, double momentum = 0.1, string? name = null) =>
        Same(x, new BatchNormLayer(NameOf(name, "bn"), [x.Layer], epsilon, momentum));

    /// <summary>max(x, 0).</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue ReLU(NetworkValue x, string? name = null) => Activate(x, Activation.ReLU, name);

    /// <summary>Any element-wise non-linearity.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="function">Which one.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Activate(NetworkValue x, Activation function, string? name = null) =>
        Same(x, new ActivationLayer(NameOf(name, "act"), [x.Layer], function));

    /// <summary>A non-linearity with parameters.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="function">Which one.</param>
    /// <param name="alpha">Its first parameter; null for the default, or where it has none.</param>
    /// <param name="beta">Its second parameter, likewise.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Activate(NetworkValue x, Activation function, double? alpha, double? beta, string? name = null) =>
        Same(x, new ActivationLayer(NameOf(name, "act"), [x.Layer], function) { Alpha = alpha, Beta = beta });

    /// <summary>Pixels of one value around the image.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="top">Rows above.</param>
    /// <param name="left">Columns to the left.</param>
    /// <param name="bottom">Rows below.</param>
    /// <param name="right">Columns to the right.</param>
    /// <param name="value">What they hold.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Pad(NetworkValue x, int top, int left, int bottom, int right, double value = 0, string? name = null)
    {
        var layer = new PadLayer(NameOf(name, "pad"), [x.Layer], top, left, bottom, right, value);
        return Add(layer, x with { Layer = _layers.Count, Height = x.Height + top + bottom, Width = x.Width + left + right });
    }

    /// <summary>The maximum over a square window.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="kernel">Side of the window in pixels.</param>
    /// <param name="stride">Step in pixels; the window's side when null.</param>
    /// <param name="padding">Padding at each side.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue MaxPool(NetworkValue x, int kernel, int? stride = null, int padding = 0, string? name = null) =>
        Windowed(x, x.Channels, kernel, stride ?? kernel, padding,
            p => new PoolLayer(NameOf(name, "pool"), [x.Layer], PoolKind.Max, kernel, stride ?? kernel, p));

    /// <summary>The mean over a square window.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="kernel">Side of the window in pixels.</param>
    /// <param name="stride">Step in pixels; the window's side when null.</param>
    /// <param name="padding">Padding at each side.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue AveragePool(NetworkValue x, int kernel, int? stride = null, int padding = 0, string? name = null) =>
        Windowed(x, x.Channels, kernel, stride ?? kernel, padding,
            p => new PoolLayer(NameOf(name, "pool"), [x.Layer], PoolKind.Average, kernel, stride ?? kernel, p));

    /// <summary>The maximum or the mean over a window of any shape.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="kind">What is computed.</param>
    /// <param name="window">Size, stride and padding; dilation for the maximum only.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Pool(NetworkValue x, PoolKind kind, SlidingWindow window, string? name = null) =>
        Windowed(x, x.Channels, window, (w, special) =>
            new PoolLayer(NameOf(name, "pool"), [x.Layer], kind, w.Height, w.StrideY, w.Top) { Window = special }, isPool: true);

    /// <summary>The mean of every channel over the whole image: [N, C, H, W] → [N, C, 1, 1].</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue GlobalAveragePool(NetworkValue x, string? name = null)
    {
        var layer = new GlobalPoolLayer(NameOf(name, "pool"), [x.Layer]);
        return Add(layer, new NetworkValue(_layers.Count, x.Channels, 1, 1));
    }

    /// <summary>The sum of two values of one shape (a shortcut). Ties their channels.</summary>
    /// <param name="a">One value.</param>
    /// <param name="b">The other.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Add(NetworkValue a, NetworkValue b, string? name = null) =>
        Same(a, new AddLayer(NameOf(name, "add"), [a.Layer, b.Layer]));

    /// <summary>The product of two values; the second may be one pixel large (squeeze-and-excitation). Ties their channels.</summary>
    /// <param name="a">The value.</param>
    /// <param name="b">Its factors.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Multiply(NetworkValue a, NetworkValue b, string? name = null) =>
        Same(a, new MultiplyLayer(NameOf(name, "mul"), [a.Layer, b.Layer]));

    /// <summary>Values side by side along the channels.</summary>
    /// <param name="values">Two or more values of one height and width.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Concat(IReadOnlyList<NetworkValue> values, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2, nameof(values));
        var layer = new ConcatLayer(NameOf(name, "concat"), values.Select(v => v.Layer).ToArray());
        return Add(layer, values[0] with { Layer = _layers.Count, Channels = values.Sum(v => v.Channels) });
    }

    /// <summary>[N, C, H, W] → [N, C·H·W].</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Flatten(NetworkValue x, string? name = null)
    {
        var layer = new FlattenLayer(NameOf(name, "flatten"), [x.Layer]);
        return Add(layer, new NetworkValue(_layers.Count, x.Channels * x.Height * x.Width, 1, 1));
    }

    /// <summary>A fully connected layer.</summary>
    /// <param name="x">What it reads: flattened, or one pixel large.</param>
    /// <param name="features">Number of outputs; <see cref="Classes"/> for the last layer.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Linear(NetworkValue x, int features, bool bias = true, string? name = null)
    {
        var layer = new LinearLayer(NameOf(name, "fc"), [x.Layer], features, bias);
        return Add(layer, new NetworkValue(_layers.Count, features, 1, 1));
    }

    /// <summary>Zeroes elements at random while training.</summary>
    /// <param name="x">What it reads.</param>
    /// <param name="probability">Probability of an element to be zeroed, in [0, 1).</param>
    /// <param name="name">Name of the layer; made up when null.</param>
    public NetworkValue Dropout(NetworkValue x, double probability, string? name = null) =>
        Same(x, new DropoutLayer(NameOf(name, "dropout"), [x.Layer], probability));

    /// <summary>Ends the network: the layer described last gives the scores.</summary>
    /// <exception cref="ArgumentException">The layers do not fit together; the message names the layer.</exception>
    public NetworkDescription Build()
    {
        var network = new NetworkDescription(Name, _layers);
        return network.Classes == Classes ? network
            : throw new ArgumentException($"Network '{Name}' ends in {network.Classes} scores; needed are {Classes}, one a class: " +
                "pass net.Classes to the last Linear.");
    }

    private NetworkValue Same(NetworkValue x, Layer layer) => Add(layer, x with { Layer = _layers.Count });

    private NetworkValue Windowed(NetworkValue x, int channels, int kernel, int stride, int padding, Func<int, Layer> make)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        var value = new NetworkValue(_layers.Count, channels, Positions(x.Height), Positions(x.Width));
        return Add(make(padding), value);

        int Positions(int size) => (size + 2 * padding - kernel) / stride + 1;
    }

    /// <param name="x">What the layer reads.</param>
    /// <param name="channels">What it makes.</param>
    /// <param name="window">As it was given.</param>
    /// <param name="make">Makes the layer of a window and of what its side, stride and padding do not say.</param>
    /// <param name="isPool">Whether padding of more than half of the window is special.</param>
    private NetworkValue Windowed(
        NetworkValue x, int channels, SlidingWindow window, Func<SlidingWindow, SlidingWindow?, Layer> make, bool isPool = false)
    {
        ArgumentNullException.ThrowIfNull(window);
        foreach (var step in (int[])[window.StrideY, window.StrideX])
            ArgumentOutOfRangeException.ThrowIfLessThan(step, 1, nameof(window));
        var balanced = window.Balanced(x.Height, x.Width);
        var isPlain = balanced.IsSquare && !(isPool && 2 * balanced.Top > balanced.Height);
        var value = new NetworkValue(_layers.Count, channels, (int)balanced.RowsIn(x.Height), (int)balanced.ColumnsIn(x.Width));
        return Add(make(balanced, isPlain ? null : balanced), value);
    }

    private NetworkValue Add(Layer layer, NetworkValue value)
    {
        _layers.Add(layer);
        return value;
    }

    private string NameOf(string? name, string kind) => name ?? $"{kind}{_layers.Count}";
}
