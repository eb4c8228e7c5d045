namespace Microsoft.ML.Dmcp.AutoML.Planning;

/// <summary>What becomes of a trial that was compared with others.</summary>
/// <param name="Number">The trial.</param>
/// <param name="Reason">Why it is stopped; null where it goes on.</param>
internal sealed record Verdict(int Number, string? Reason);
