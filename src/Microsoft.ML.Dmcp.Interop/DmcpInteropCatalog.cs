using Microsoft.ML.Dmcp;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Estimators;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Dmcp.Interop.OnnxExport;
using Microsoft.ML.Dmcp.Interop.PyTorch;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Pruned networks for other runtimes: extension methods of ML.NET's catalogs.</summary>
public static class DmcpInteropCatalog
{
    /// <summary>
    /// Saves the pruned network of a model as an ONNX file, for ONNX Runtime and what else reads ONNX, and for ML.NET's
    /// <c>ApplyOnnxModel</c>.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The graph reads <c>pixels</c> [N, C, H, W], planar floats as <c>ExtractPixels</c> makes them, for any number N of images, and gives
    /// <c>scores</c> [N, classes]. The transforms before the network, such as <c>ResizeImages</c>, are not in the file.
    /// </para>
    /// <para>
    /// The file's metadata properties say what a reader has to know: <c>class_names</c> (JSON, in the order of the scores),
    /// <c>image_channels</c>, <c>image_height</c>, <c>image_width</c>, <c>color_order</c> (RGB, or GRAY for one channel), <c>layout</c>
    /// (NCHW), <c>pixel_scale</c>, <c>pixel_mean</c> and <c>pixel_deviation</c> (the network sees (pixel·scale − mean)/deviation, in the
    /// units of the pixels that it was trained on; for images 0 to 255), <c>normalizes_pixels</c> and <c>applies_softmax</c> (whether the
    /// graph does so), <c>precision</c> (float32 or int8), <c>network</c>, <c>library</c> (name and version) and <c>channel_config</c>
    /// (JSON).
    /// </para>
    /// </remarks>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="model">A fitted or loaded model: a retrained network, or a pipeline with one.</param>
    /// <param name="path">The file; replaced if it exists, whole or not at all.</param>
    /// <param name="options">How to write it. Default (null) float32, opset 17, with normalisation and softmax, batch norms folded.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of range, or the calibration set lacks a column that the model reads; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model has no pruned network, or one of more than 2 GB, which ONNX files cannot hold; or the calibration set has no image that
    /// can be read, or of another size.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written; what it held before is unchanged.</exception>
    public static void SaveAsOnnx(
        this ModelOperationsCatalog catalog, ITransformer model, string path, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new OnnxExportOptions();
        options.Check();
        var network = catalog.GetPrunedNetwork(model);
        var ranges = options.CalibrationSet is null ? null : ActivationRanges.Of(model, network, options.CalibrationSet);
        network.Use(parts => OnnxFile.Write(path, OnnxExporter.Export(parts, options, ranges)));
    }

    /// <summary>
    /// Saves the weights of a model's pruned network as a state dict for PyTorch, and beside it a Python script that rebuilds the network.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The tensors have the names of the network's layers; those of <see cref="NetworkZoo"/> are torchvision's. The transforms before the
    /// network, such as <c>ResizeImages</c>, are not in the files.
    /// </para>
    /// <para>
    /// The script is written where torchvision has the unpruned network: ResNets, MobileNets, DenseNet and VGG of the zoo, but not the
    /// networks for small images. It holds <c>rebuild()</c>, which makes torchvision's network at the widths of the weights and loads
    /// them, <c>normalize(pixels)</c> for pixels from 0 to 255, and the names of the classes. The network gives logits.
    /// </para>
    /// </remarks>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="model">A fitted or loaded model: a retrained network, or a pipeline with one.</param>
    /// <param name="path">
    /// The file: <c>.pth</c> or <c>.pt</c> for <c>torch.load</c>, <c>.safetensors</c> for safetensors; replaced if it exists, whole or not
    /// at all. The script has the same name and ends in <c>.py</c>.
    /// </param>
    /// <returns>The path of the script; null where none is written, since torchvision does not have the network.</returns>
    /// <exception cref="ArgumentException">The name of the file ends otherwise.</exception>
    /// <exception cref="InvalidOperationException">The model has no pruned network.</exception>
    /// <exception cref="IOException">
    /// A file cannot be written, or there is a file with the name of the script that this method did not write.
    /// </exception>
    public static string? SaveAsStateDict(this ModelOperationsCatalog catalog, ITransformer model, string path)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        StateDictExporter.RequireFormat(path);
        var network = catalog.GetPrunedNetwork(model);
        string? script = null;
        network.Use(parts => script = StateDictExporter.Write(parts, path));
        return script;
    }

    /// <summary>
    /// Loads a pruned network from a state dict of PyTorch: what <see cref="SaveAsStateDict"/> wrote, or what the authors' release of DMCP
    /// trained (its Adaptive networks). It reads images or planar pixels of column "Features", as the networks of <c>PrunedRetrain</c> do.
    /// </summary>
    /// <remarks>The file may be any that <see cref="PyTorchNetwork.Load"/> reads. No code of a file is ever run.</remarks>
    /// <param name="catalog">The catalog of model operations.</param>
    /// <param name="path">The file.</param>
    /// <param name="network">The unpruned network that the channel config is for.</param>
    /// <param name="config">The widths of the pruned one, with the size of images and the number of classes.</param>
    /// <param name="classNames">Names of the classes in the order of the scores.</param>
    /// <param name="options">Mean and deviation of the pixels; null for ImageNet's. The size of images is the config's.</param>
    /// <exception cref="ArgumentException">
    /// There are not as many names as classes, the config is not of the network, or the options have no mean and deviation of every colour.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">
    /// It is damaged, of another format, or of another network: the message counts the tensors that do not fit, and names the first ones.
    /// </exception>
    public static PrunedNetworkTransformer LoadStateDict(
        this ModelOperationsCatalog catalog, string path, NetworkArchitecture network, ChannelConfig config,
        IReadOnlyList<string> classNames, PyTorchImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(classNames);
        options ??= new PyTorchImportOptions();
        options.Check();
        var unpruned = network.Describe(config.ImageChannels, config.ImageHeight, config.ImageWidth, config.Classes);
        config.WidthsFor(unpruned);
        if (classNames.Count != config.Classes || classNames.Any(name => name is null))
            throw new ArgumentException(
                $"{classNames.Count(name => name is not null)} names of classes are given; the channel config has {config.Classes} "
                    + "classes.",
                nameof(classNames));
        if (options is not { PixelMean: { } mean, PixelDeviation: { } deviation } || mean.Count != config.ImageChannels)
            throw new ArgumentException(
                $"Needed are PixelMean and PixelDeviation of {config.ImageChannels} colours: there are no training images that decide.",
                nameof(options));
        var host = MLNetInternals.Environment(catalog).Register(nameof(LoadStateDict));
        var device = TorchRuntime.ChooseDevice(host, RunLogs.On(host));
        return new PrunedNetworkTransformer(
            host, StateDictImporter.Read(path, unpruned, config, classNames, new Normalization(mean, deviation), device));
    }
}
