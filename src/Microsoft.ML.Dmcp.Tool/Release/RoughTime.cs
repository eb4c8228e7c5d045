namespace Microsoft.ML.Dmcp.Tool.Release;

/// <summary>How long a training may take on this processor, from a few runs of the network forward.</summary>
internal static class RoughTime
{
    // Forward, and backward through values and through weights.
    private const int PassesOfTraining = 3;
    private const int LargestBatch = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Seconds of a training of a network at its full widths.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">Images of all epochs together.</param>
    /// <param name="batchSize">Images of a batch.</param>
    /// <param name="cancellation">Ends the measurement.</param>
    public static double Training(NetworkDescription network, long images, int batchSize, CancellationToken cancellation)
    {
        var options = new LatencyOptions
        {
            BatchSize = Math.Min(batchSize, LargestBatch),
            NumberOfThreads = Threads(),
            TimeLimit = Limit,
            CancellationToken = cancellation,
        };
        var milliseconds = LatencyTable.MeasureNetwork(network, network.FullWidths, options);
        return PassesOfTraining * milliseconds / options.BatchSize * images / 1000;
    }

    /// <summary>Seconds of a search: the widest, the narrowest and random sub-networks, and α in the second half.</summary>
    /// <inheritdoc cref="Training" path="/param"/>
    /// <param name="widths">Widths of the search.</param>
    public static double Search(NetworkDescription network, WidthRange widths, long images, int batchSize, CancellationToken cancellation)
    {
        var flops = NetworkCost.Flops(network);
        var passes = 1 + Share(widths.Min) + 2 * Share((widths.Min + widths.Max) / 2) + 0.5;
        return passes * Training(network, images, batchSize, cancellation);

        double Share(double width) =>
            flops.Expected([.. network.Groups.Select(g => g.Channels * width / widths.Max)]) / flops.Count(network.FullWidths);
    }

    /// <summary>As text, to the precision that it has.</summary>
    public static string Text(double seconds) => seconds switch
    {
        < 90 => FormattableString.Invariant($"{Math.Max(1, seconds):0} seconds"),
        < 90 * 60 => FormattableString.Invariant($"{seconds / 60:0} minutes"),
        < 48 * 3600 => FormattableString.Invariant($"{seconds / 3600:0} hours"),
        _ => FormattableString.Invariant($"{seconds / 86400:0} days"),
    };

    private static int Threads() =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), out var threads) && threads > 0 ? threads
            : Environment.ProcessorCount;
}
