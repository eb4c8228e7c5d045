namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>A command was stopped by Ctrl-C, and says how to go on.</summary>
/// <param name="message">What is there, and how to go on.</param>
/// <param name="inner">What the library threw.</param>
internal sealed class StoppedException(string message, Exception inner) : OperationCanceledException(message, inner);
