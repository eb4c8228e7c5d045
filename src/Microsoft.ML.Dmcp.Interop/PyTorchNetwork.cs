using Microsoft.ML.Dmcp.Interop.Import;
using Microsoft.ML.Dmcp.Interop.PyTorch;
using Microsoft.ML.Dmcp.Networks.Modules;

namespace Microsoft.ML.Dmcp;

/// <summary>
/// A network with weights from PyTorch: a state dict of <c>torch.save</c> (.pth, .pt) or safetensors, such as torchvision's. A search or a
/// retraining begins with it in one line:
/// <code>
/// var options = PyTorchNetwork.Load("resnet18.pth", NetworkZoo.ResNet18()).Begin(new DmcpSearchOptions(), "resnet18.weights");
/// </code>
/// </summary>
/// <remarks>
/// The tensors need the names of the network's layers. Those of <see cref="NetworkZoo"/> are torchvision's. No code of a file is ever run.
/// </remarks>
public sealed class PyTorchNetwork
{
    private const int FreshClasses = 2, MostClasses = 1 << 20, MostChannels = 1 << 12;

    private readonly ImportedWeights _weights;

    private PyTorchNetwork(StateDictFile file, NetworkArchitecture architecture, PyTorchImportOptions options)
    {
        Architecture = architecture;
        var asked = architecture.Describe(3, options.ImageHeight, options.ImageWidth, FreshClasses);
        Channels = ChannelsOf(asked, file.Tensors);
        var classifier = asked.Layers.Last(layer => layer is ConvLayer or LinearLayer).Name;
        Classes = ClassesOf(classifier, file.Tensors);
        if (options.PixelMean is not null && options.PixelMean.Count != Channels)
            throw new FormatException($"It is for images of {Channels} channels, and PixelMean has {options.PixelMean.Count} numbers: " +
                "give PixelMean and PixelDeviation one number a channel, or null for those of the training images.");
        (PixelMean, PixelDeviation) = (options.PixelMean, options.PixelDeviation);
        var description = architecture.Describe(Channels, options.ImageHeight, options.ImageWidth, Classes ?? FreshClasses);
        if (NetworkCost.Parameters(description).Count(description.FullWidths) > ImportedWeights.Most)
            throw new FormatException($"Its network has more than {ImportedWeights.Most} weights.");
        var weights = StateDictMatch.Read(file.Tensors, description, Classes is null ? classifier : null);
        _weights = new ImportedWeights(description, weights, PixelMean, PixelDeviation);
        Remarks = RemarksOn(file, classifier).ToArray();
    }

    /// <summary>The network for every size of images and number of classes.</summary>
    public NetworkArchitecture Architecture { get; }

    /// <summary>Channels of the images that the weights are for.</summary>
    public int Channels { get; }

    /// <summary>Number of classes of the file; null where it has no classifier.</summary>
    public int? Classes { get; }

    /// <summary>
    /// Mean of every colour that the network was trained with, for <see cref="ImageRunOptions.PixelMean"/>; null where nobody said it.
    /// </summary>
    public IReadOnlyList<float>? PixelMean { get; }

    /// <summary>Deviation of every colour, for <see cref="ImageRunOptions.PixelDeviation"/>; null where nobody said it.</summary>
    public IReadOnlyList<float>? PixelDeviation { get; }

    /// <summary>What was left out, replaced or assumed, in sentences.</summary>
    public IReadOnlyList<string> Remarks { get; }

    /// <summary>Reads a file, whose content says which format it has.</summary>
    /// <remarks>
    /// Read are also checkpoints that hold a state dict as <c>state_dict</c>, <c>model_state_dict</c> or <c>model</c>, names with the
    /// prefix of DataParallel, torch.compile or Lightning, the format of <c>torch.save</c> before PyTorch 1.6, and numbers of 16 and 64
    /// bits, and the networks of the authors' release of DMCP, without their α. A file without the last layer is taken for one whose
    /// classifier is to be trained.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="architecture">The network that the weights are of, at the width that they have.</param>
    /// <param name="options">What the file does not say; null for the defaults, which are those of torchvision's weights.</param>
    /// <exception cref="ArgumentException">The network cannot read images of the size in the options.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">
    /// It is damaged, of another format, too large, or of another network: the message counts the tensors that are missing, unknown or of
    /// another shape, and names the first ones.
    /// </exception>
    public static PyTorchNetwork Load(string path, NetworkArchitecture architecture, PyTorchImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(architecture);
        options ??= new PyTorchImportOptions();
        options.Check();
        architecture.Describe(3, options.ImageHeight, options.ImageWidth, FreshClasses);
        return StateDictFile.Import(path, file => new PyTorchNetwork(file, architecture, options));
    }

    /// <summary>
    /// Writes the weights as a checkpoint for <see cref="ImageRunOptions.WeightsPath"/>. It serves images of any size that the network
    /// takes, and any number of classes: another number than the file's gets a fresh classifier. The normalisation of pixels is in it.
    /// </summary>
    /// <param name="path">The file; replaced if it exists, whole or not at all.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
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

    // What the first convolution reads; where it is missing or of another rank, the comparison of all tensors says so.
    private static int ChannelsOf(NetworkDescription network, IReadOnlyDictionary<string, StateDictTensor> tensors)
    {
        var first = network.Layers.OfType<ConvLayer>().FirstOrDefault(layer => layer.Inputs[0] == 0 && layer.IsDense);
        return first is not null
            && tensors.GetValueOrDefault(first.Name + ".weight") is { Shape: [_, >= 1 and <= MostChannels, _, _] } weight
            ? (int)weight.Shape[1]
            : network.Input.Channels;
    }

    private static int? ClassesOf(string classifier, IReadOnlyDictionary<string, StateDictTensor> tensors)
    {
        if (!tensors.TryGetValue(classifier + ".weight", out var weight) || weight.Shape is not [var classes, ..])
            return null;
        return classes is >= FreshClasses and <= MostClasses ? (int)classes
            : throw new FormatException($"Its classifier {classifier}.weight is {weight}: needed are 2 to {MostClasses} classes.");
    }

    private IEnumerable<string> RemarksOn(StateDictFile file, string classifier)
    {
        yield return Classes is { } classes
            ? $"The file has {classes} classes; data with another number gets a fresh classifier."
            : $"The file has no classifier '{classifier}': it begins fresh.";
        yield return PixelMean is null
            ? "Nobody says how pixels are normalised; the training images decide."
            : $"Pixels are normalised by {ImageRunOptions.NormalizationText(PixelMean, PixelDeviation)}: means, then deviations.";
        if (file.NotCalled.Count > 0)
            yield return $"The pickle asks for {string.Join(", ", file.NotCalled.Take(5))}; only tensors were read, and nothing was run.";
    }
}
