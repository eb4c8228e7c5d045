using Microsoft.ML.Dmcp.Data.Batches;
using Microsoft.ML.Dmcp.Data.Images;
using Microsoft.ML.Dmcp.Data.Labels;
using Microsoft.ML.Dmcp.Networks.Modules;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>A trained network with all that prediction needs; it owns the network.</summary>
/// <param name="Network">The network, with its weights.</param>
/// <param name="Config">The widths that it has.</param>
/// <param name="Method">How its weights came about.</param>
/// <param name="Normalization">What was subtracted from and divided out of the training images.</param>
/// <param name="ClassNames">Names of the classes, and the type that they had.</param>
/// <param name="Vector">How a vector column holds an image.</param>
/// <param name="FeatureColumn">Column of images.</param>
/// <param name="ScoreColumn">Column of probabilities.</param>
/// <param name="PredictedLabelColumn">Column of the likeliest class.</param>
/// <param name="EmbeddingColumn">Column of the features behind the scores; null for none.</param>
internal sealed record PrunedModel(
    SlimmableNetwork Network, ChannelConfig Config, RetrainMethod Method,
    Normalization Normalization, ClassNames ClassNames, VectorImage Vector,
    string FeatureColumn, string ScoreColumn, string PredictedLabelColumn, string? EmbeddingColumn = null) : IDisposable
{
    /// <summary>Frees the weights.</summary>
    public void Dispose() => Network.Dispose();
}
