using Microsoft.ML.Dmcp.Interop.Import;
using Microsoft.ML.Dmcp.Interop.OnnxImport;
using Microsoft.ML.Dmcp.Networks.Modules;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A network from an ONNX file with its weights: a convolutional classifier, or a featurizer, which gets a fresh classifier. Channel groups
/// follow from its graph. A search or a retraining begins with it in one line:
/// <code>
/// var options = OnnxNetwork.Load("mine.onnx").Begin(new DmcpSearchOptions(), "mine.weights");
/// </code>
/// </summary>
public sealed class OnnxNetwork
{
    private const int FreshClasses = 2;

    private readonly OnnxGraph _graph;
    private readonly OnnxSource _source;
    private readonly ImportedWeights _weights;

    private OnnxNetwork(OnnxGraph graph, string name, OnnxImportOptions options)
    {
        _graph = graph;
        var shape = InputShape.Of(graph, options);
        _source = new OnnxSource
        {
            Head = HeadFinder.Find(graph, options.IsClassifier),
            IsChannelsLast = shape.IsChannelsLast,
            IsBgr = options.IsBgr,
            Batch = shape.Batch,
            IsNative = true,
        };
        (Channels, Height, Width) = (shape.Channels, shape.Height, shape.Width);
        Architecture = new NetworkArchitecture(name, DescribeOn);
        // The number of classes is known once the graph was read.
        if (_source.Head is not null)
            new GraphDescription(_graph, _source, new NetworkBuilder(name, Channels, Height, Width, FreshClasses)).Run();
        var builder = new NetworkBuilder(name, Channels, Height, Width, Math.Max(FreshClasses, _source.Classes ?? FreshClasses));
        var description = new GraphDescription(_graph, _source, builder);
        description.Run();
        _source.IsNative = false;
        // A file may use one tensor many times.
        if (description.Weights.Values.Sum(w => w.Dims.Aggregate(1.0, (count, dim) => count * dim)) > ImportedWeights.Most)
            throw new FormatException($"Its network has more than {ImportedWeights.Most} weights.");
        Classes = _source.Classes;
        (PixelMean, PixelDeviation) = Normalization(options);
        _weights = new ImportedWeights(builder.Build(), description.Weights, PixelMean, PixelDeviation);
        AddRemarks(options, shape);
    }

    /// <summary>The network for every size of images and number of classes.</summary>
    public NetworkArchitecture Architecture { get; }

    /// <summary>Channels of the images that the file is for.</summary>
    public int Channels { get; }

    /// <summary>Height of the images that the file is for.</summary>
    public int Height { get; }

    /// <summary>Width of the images that the file is for.</summary>
    public int Width { get; }

    /// <summary>Number of classes of the file; null for a featurizer.</summary>
    public int? Classes { get; }

    /// <summary>
    /// Mean of every colour that the network was trained with, for <see cref="ImageRunOptions.PixelMean"/>; null where nobody said it.
    /// </summary>
    public IReadOnlyList<float>? PixelMean { get; }

    /// <summary>Deviation of every colour, for <see cref="ImageRunOptions.PixelDeviation"/>; null where nobody said it.</summary>
    public IReadOnlyList<float>? PixelDeviation { get; }

    /// <summary>What was left out, replaced or assumed, in sentences.</summary>
    public IReadOnlyList<string> Remarks => _source.Remarks;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The model; data beside it is read from its folder only.</param>
    /// <param name="options">What the file does not say; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">
    /// It is damaged or too large, no convolutional network, or has a node that cannot be read: the message names it and says why.
    /// </exception>
    public static OnnxNetwork Load(string path, OnnxImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new OnnxImportOptions();
        options.Check();
        try
        {
            return new OnnxNetwork(OnnxGraph.Load(path), options.Name ?? Path.GetFileNameWithoutExtension(path), options);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException($"Model '{path}' cannot be imported: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes the weights as a checkpoint for <see cref="ImageRunOptions.WeightsPath"/>. It serves images of any size that the network
    /// takes, and any number of classes: another number than the file's gets a fresh classifier. The normalisation of pixels is in it.
    /// </summary>
    /// <param name="path">The file; replaced if it exists, whole or not at all.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="FormatException">A weight has another size than the network needs.</exception>
    public void SaveWeights(string path) => _weights.Save(path);

    /// <summary>
    /// Makes the options of a run those of this network: architecture and weights, with which the normalisation of pixels goes. What
    /// follows in the pipeline takes all of it from the run.
    /// </summary>
    /// <param name="options">Options of a search or a retraining.</param>
    /// <param name="weightsPath">Where the weights are written to, as <see cref="SaveWeights"/> does.</param>
    /// <returns>The options.</returns>
    /// <exception cref="IOException">The weights cannot be written.</exception>
    public TOptions Begin<TOptions>(TOptions options, string weightsPath) where TOptions : ImageRunOptions =>
        _weights.Begin(options, Architecture, weightsPath);

    /// <summary>The network at the file's size with its weights.</summary>
    internal SlimmableNetwork ToNetwork() => _weights.ToNetwork();

    private void DescribeOn(NetworkBuilder net)
    {
        try
        {
            new GraphDescription(_graph, _source, net).Run();
        }
        catch (FormatException e)
        {
            throw new ArgumentException(
                $"Network '{net.Name}' cannot read images of {net.Input.Width}x{net.Input.Height} pixels and " +
                $"{net.Input.Channels} channels: {e.Message}", e);
        }
    }

    private (IReadOnlyList<float>?, IReadOnlyList<float>?) Normalization(OnnxImportOptions options)
    {
        if (options.PixelMean is not null)
            return (options.PixelMean, options.PixelDeviation);
        if (_source is not { Scale: { } scale, Shift: { } shift })
            return (null, null);
        // sx + t = (x − m)/d with d = 1/s and m = −t/s; pixels are as bright as the option says.
        var brightness = 255 / options.BrightestPixel;
        var mean = scale.Zip(shift, (s, t) => -t / s * brightness).ToArray();
        var deviation = scale.Select(s => brightness / s).ToArray();
        if (options.IsBgr)
        {
            Array.Reverse(mean);
            Array.Reverse(deviation);
        }
        return (mean, deviation);
    }

    private void AddRemarks(OnnxImportOptions options, InputShape shape)
    {
        if (Classes is { } classes)
            _source.Remark($"The file has {classes} classes; data with another number gets a fresh classifier.");
        else
            _source.Remark("The file makes features; a fresh classifier reads them.");
        if (shape.IsAssumed)
            _source.Remark(FormattableString.Invariant($"The file leaves the size of the images open; {Width}x{Height} was assumed."));
        if (_graph.OtherOutputs.Count > 0)
            _source.Remark($"The outputs {string.Join(", ", _graph.OtherOutputs)} are left out.");
        if (PixelMean is null)
            _source.Remark("Neither the graph nor the options say how pixels are normalised; the training images decide.");
        if (options.IsBgr)
            _source.Remark("The first filters were turned around: red, green, blue is read in place of blue, green, red.");
    }
}
