namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>One turn of a workload and of another command.</summary>
/// <param name="Ours">The workload.</param>
/// <param name="TheirMilliseconds">The command's milliseconds an iteration.</param>
internal sealed record Comparison(Measurement Ours, double TheirMilliseconds)
{
    /// <summary>How many times as fast as the command the workload is.</summary>
    public double Ratio => TheirMilliseconds / Ours.MedianMilliseconds;
}
