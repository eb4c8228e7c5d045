namespace Microsoft.ML.Dmcp.Tool.Profiling;

/// <summary>How far a latency table is off: random networks are timed whole, and compared with what the table predicts for them.</summary>
/// <param name="Networks">What was measured.</param>
internal sealed record TableCheck(IReadOnlyList<TimedNetwork> Networks)
{
    private const int Seed = 2;

    /// <summary>The mean of the networks' errors, as a share of the measured times.</summary>
    public double MeanError => Networks.Average(n => n.Error);

    /// <summary>The largest of the networks' errors, as a share of the measured time.</summary>
    public double LargestError => Networks.Max(n => n.Error);

    /// <summary>Times networks.</summary>
    /// <param name="network">The unpruned network.</param>
    /// <param name="table">Its table.</param>
    /// <param name="options">As the table was measured; the time limit is that of all networks together.</param>
    /// <param name="count">How many networks.</param>
    /// <param name="multiple">What widths are multiples of where the group has as many channels.</param>
    public static TableCheck Run(NetworkDescription network, LatencyTable table, LatencyOptions options, int count, int multiple)
    {
        var random = new Random(Seed);
        options.TimeLimit /= count;
        return new TableCheck(Enumerable.Range(0, count).Select(_ => TimedNetwork.Measure(
            network, network.FullWidths.Select(full => RandomWidth(random, full, multiple)).ToArray(), table, options)).ToArray());
    }

    private static int RandomWidth(Random random, int full, int multiple) =>
        full < multiple ? full : multiple * random.Next(1, full / multiple + 1);
}
