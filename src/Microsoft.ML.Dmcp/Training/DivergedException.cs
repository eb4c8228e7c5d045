namespace Microsoft.ML.Dmcp.Training;

/// <summary>Tells the loop that a loss is no longer finite.</summary>
internal sealed class DivergedException(string message) : Exception(message);
