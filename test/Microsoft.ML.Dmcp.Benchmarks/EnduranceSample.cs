namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>The memory of a process after some iterations.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Seconds">Time since the first.</param>
/// <param name="ResidentMegabytes">Resident memory of the process.</param>
/// <param name="ManagedMegabytes">The managed heap after its last collection.</param>
internal sealed record EnduranceSample(int Iteration, double Seconds, double ResidentMegabytes, double ManagedMegabytes)
{
    /// <summary>Columns of <see cref="ToRow"/>.</summary>
    public static string Head { get; } = Table.Head(0, "iteration", "s", "resident MB", "managed MB");

    public string ToRow() =>
        Table.Row(
            Table.Text(Iteration, "0"), Table.Text(Seconds, "0"), Table.Text(ResidentMegabytes, "0"), Table.Text(ManagedMegabytes, "0.0"));
}
