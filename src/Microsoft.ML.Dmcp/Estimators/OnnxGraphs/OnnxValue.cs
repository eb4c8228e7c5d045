namespace Microsoft.ML.Dmcp.Estimators.OnnxGraphs;

/// <summary>A value of an ONNX graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsFlat">Whether it is [N, features] rather than an image, [N, C, H, W].</param>
internal readonly record struct OnnxValue(string Name, bool IsFlat);
