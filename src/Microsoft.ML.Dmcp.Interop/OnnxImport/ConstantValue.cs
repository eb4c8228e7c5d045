namespace Microsoft.ML.Dmcp.Interop.OnnxImport;

/// <summary>A value that does not depend on the image.</summary>
/// <param name="Tensor">Its elements.</param>
internal sealed record ConstantValue(OnnxTensor Tensor) : OnnxValue;
