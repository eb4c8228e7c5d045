namespace Microsoft.ML.Dmcp.Estimators.Prediction;

/// <summary>Predictions of several images, one row after another; NaN where there is no image.</summary>
/// <param name="Scores">Probabilities.</param>
/// <param name="Embeddings">The features behind the scores; empty where nobody asks for them.</param>
internal sealed record PredictedBatch(float[] Scores, float[] Embeddings)
{
    public static PredictedBatch Empty { get; } = new([], []);
}
