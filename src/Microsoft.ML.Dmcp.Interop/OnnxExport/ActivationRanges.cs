using Microsoft.ML.Dmcp.Estimators;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Interop.OnnxExport;

/// <summary>Between which numbers every layer's value lies for a set of images.</summary>
internal sealed class ActivationRanges
{
    private readonly (float Lowest, float Highest)[] _ranges;

    private ActivationRanges(int layers)
    {
        _ranges = new (float, float)[layers];
        Array.Fill(_ranges, (float.PositiveInfinity, float.NegativeInfinity));
    }

    /// <summary>The range of a layer's value.</summary>
    /// <param name="layer">Its index.</param>
    public (float Lowest, float Highest) this[int layer] => _ranges[layer];

    /// <summary>Runs the network of a model on images, which go through the transforms before it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">Its network.</param>
    /// <param name="images">Rows as the model reads them.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">There is no image, or the network gives no numbers.</exception>
    public static ActivationRanges Of(ITransformer model, PrunedNetworkTransformer network, IDataView images)
    {
        IReadOnlyList<Layer> layers = [];
        network.Use(parts => layers = parts.Network.Description.Layers);
        var ranges = new ActivationRanges(layers.Count);
        network.Observe(ModelParts.InputOf(model, network, images), nameof(OnnxExportOptions.CalibrationSet), ranges.Add);
        for (var i = 0; i < layers.Count; i++)
            if (!float.IsFinite(ranges[i].Lowest) || !float.IsFinite(ranges[i].Highest))
                throw new InvalidOperationException($"Layer '{layers[i].Name}' gives values that are no finite numbers for images of " +
                    "CalibrationSet: the network cannot be quantised. Train it again, with a smaller learning rate.");
        return ranges;
    }

    private void Add(int layer, Tensor value)
    {
        using var scope = NewDisposeScope();
        var (lowest, highest) = (value.min().to(ScalarType.Float32).item<float>(), value.max().to(ScalarType.Float32).item<float>());
        // Math.Min and Math.Max keep what is no number.
        _ranges[layer] = (Math.Min(_ranges[layer].Lowest, lowest), Math.Max(_ranges[layer].Highest, highest));
    }
}
