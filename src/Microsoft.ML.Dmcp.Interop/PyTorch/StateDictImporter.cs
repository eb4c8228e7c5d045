using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Estimators.ModelFiles;
using Microsoft.ML.Dmcp.Interop.Import;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.PyTorch;

/// <summary>Reads state dicts of pruned networks.</summary>
internal static class StateDictImporter
{
    /// <summary>A pruned network with the weights of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The unpruned network, as the channel config has it.</param>
    /// <param name="config">The widths.</param>
    /// <param name="names">Names of the classes.</param>
    /// <param name="normalization">How pixels are normalized.</param>
    /// <param name="device">Where it computes.</param>
    /// <exception cref="FormatException">The file is damaged or of another network.</exception>
    public static PrunedModel Read(
        string path, NetworkDescription network, ChannelConfig config, IReadOnlyList<string> names, Normalization normalization,
        Device device) => StateDictFile.Import(path, file =>
    {
        var pruned = network.AtWidths(config.WidthsFor(network));
        var weights = StateDictMatch.Read(file.Tensors, pruned, fresh: null);
        var filled = new ImportedWeights(pruned, weights, normalization.Mean, normalization.Deviation).ToNetwork(device);
        var vector = new VectorImage(PixelLayout.Planar, config.ImageChannels, config.ImageHeight, config.ImageWidth);
        var text = new ClassNames(names, ClassNameType.Find(TextDataViewType.Instance));
        var usual = new PrunedRetrainOptions();
        return new PrunedModel(
            filled, config, RetrainMethod.FromScratch, normalization, text, vector,
            usual.FeatureColumnName, usual.ScoreColumnName, usual.PredictedLabelColumnName);
    });
}
