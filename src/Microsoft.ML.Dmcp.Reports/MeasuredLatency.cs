namespace Microsoft.ML.Dmcp;

/// <summary>A time that was measured, for a <see cref="PruningReport"/>.</summary>
/// <param name="Conditions">Engine, batch, threads and machine: what a reader needs to repeat it.</param>
/// <param name="Milliseconds">Time of one run of the pruned network.</param>
/// <param name="UnprunedMilliseconds">The same for the unpruned network; null where nobody measured it.</param>
public sealed record MeasuredLatency(string Conditions, double Milliseconds, double? UnprunedMilliseconds = null);
