namespace Microsoft.ML.Dmcp.Data.Images;

/// <summary>A value that is no pixel. Training refuses the data; a prediction is missing.</summary>
internal sealed class PixelException(string message) : FormatException(message);
