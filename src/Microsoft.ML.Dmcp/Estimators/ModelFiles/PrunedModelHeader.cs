using System.Text.Json;

namespace Microsoft.ML.Dmcp.Estimators.ModelFiles;

/// <summary>The JSON in front of a trained network's weights; later versions may add properties.</summary>
internal sealed record PrunedModelHeader(
    JsonElement Network, JsonElement Config, IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation, IReadOnlyList<string> ClassNames,
    PixelLayout VectorLayout, int ImageHeight, int ImageWidth, string FeatureColumn, string ScoreColumn, string PredictedLabelColumn,
    RetrainMethod Method = RetrainMethod.FromScratch, string? ClassNameType = "Text",
    string? EmbeddingColumn = null);
