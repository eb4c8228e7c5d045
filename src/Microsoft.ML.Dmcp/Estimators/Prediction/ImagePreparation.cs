using Microsoft.ML.Data;
using Microsoft.ML.Dmcp.Estimators.MLNet;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>The transforms of a model that lead from an image in memory to what its network reads: those behind LoadImages.</summary>
/// <param name="ImageColumn">Column of the image in memory.</param>
/// <param name="Transforms">In the order in which they run.</param>
/// <param name="Network">The network behind them.</param>
internal sealed record ImagePreparation(string ImageColumn, IReadOnlyList<ITransformer> Transforms, PrunedNetworkTransformer Network)
{
    /// <summary>Follows the images of a model backwards from its network.</summary>
    /// <exception cref="InvalidOperationException">
    /// It has no network, or a transform before it that may change images in a way of its own.
    /// </exception>
    public static ImagePreparation Of(ITransformer model)
    {
        var network = ModelParts.PrunedNetworkOf(model);
        var column = network.FeatureColumn;
        var transforms = new List<ITransformer>();
        foreach (var part in ModelParts.Of(model).TakeWhile(part => part != network).Reverse())
        {
            if (InputOf(part, column) is not { } input)
                continue;
            if (part is ImageLoadingTransformer)
                break;
            column = input;
            transforms.Insert(0, part);
        }
        return new ImagePreparation(column, transforms, network);
    }

    /// <summary>The column that a transform makes another of; null where it does not make that.</summary>
    private static string? InputOf(ITransformer part, string output) => part switch
    {
        ImageLoadingTransformer or ImageResizingTransformer or ImageGrayscalingTransformer or ImagePixelExtractingTransformer
            or ColumnCopyingTransformer => MLNetInternals.ColumnPairs(part)?.FirstOrDefault(pair => pair.Output == output).Input,
        // Labels and widths: none of them makes images.
        ValueToKeyMappingTransformer or KeyToValueMappingTransformer or ChannelSearchTransformer => null,
        _ => throw new InvalidOperationException($"The model has a {part.GetType().Name} before its network, which may change the images " +
            "in a way of its own: predict with a PredictionEngine, whose class has all columns that the model reads."),
    };
}
