namespace Microsoft.ML.Dmcp.Training.Progress;

/// <summary>Carries what a metrics callback threw to the loop, which writes its checkpoint before it throws that to the caller.</summary>
internal sealed class ObserverException(Exception thrown) : Exception(thrown.Message, thrown);
