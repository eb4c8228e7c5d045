namespace Microsoft.ML.Dmcp.Budgets.Latencies;

/// <summary>
/// What whole networks take beside the sum of their layers, measured at several widths: what one run costs whatever the network is, and the
/// weights. Those of a single layer stay in the processor's cache while it is timed; those of a large network do not. So it is a function
/// of the number of parameters: linear between those that were measured, constant outside. Written as JSON.
/// </summary>
/// <param name="Parameters">Parameters of the networks, ascending.</param>
/// <param name="Microseconds">What they take beside their layers; may be negative.</param>
internal sealed record NetworkOverhead(IReadOnlyList<long> Parameters, IReadOnlyList<double> Microseconds)
{
    /// <summary>The overhead of a network, in microseconds.</summary>
    public double At(double parameters)
    {
        var (cell, share) = GridCell.Of(Parameters, parameters);
        return (1 - share) * Microseconds[cell] + (share > 0 ? share * Microseconds[cell + 1] : 0);
    }

    /// <exception cref="FormatException">The numbers cannot be an overhead.</exception>
    public void Check()
    {
        if (Parameters.Count == 0 || Parameters.Count != Microseconds.Count || Parameters[0] < 0 || !GridCell.IsAscending(Parameters)
            || !Microseconds.All(double.IsFinite))
            throw new FormatException("The latency table's overhead of whole networks is wrong; needed are ascending numbers of " +
                "parameters and as many finite times, at least one.");
    }
}
