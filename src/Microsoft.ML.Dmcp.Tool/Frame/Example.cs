namespace Microsoft.ML.Dmcp.Tool.Frame;

/// <summary>An example in the help of a command.</summary>
/// <param name="Line">The whole line, from <c>dmcp</c> on.</param>
/// <param name="Remark">What it does, in a few words.</param>
internal sealed record Example(string Line, string Remark);
