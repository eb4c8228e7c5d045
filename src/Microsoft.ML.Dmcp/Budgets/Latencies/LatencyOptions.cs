namespace Microsoft.ML.Dmcp;

/// <summary>How the times of a network's layers are measured (<see cref="LatencyTable.Measure"/>).</summary>
public sealed class LatencyOptions
{
    /// <summary>What computes: measure with what will serve the network. Default <see cref="LatencyEngine.LibTorch"/>.</summary>
    public LatencyEngine Engine = LatencyEngine.LibTorch;

    /// <summary>Images of one run. Default 1.</summary>
    public int BatchSize = 1;

    /// <summary>Threads of one run. Default 1.</summary>
    public int NumberOfThreads = 1;

    /// <summary>
    /// Widths that a layer is timed at, on each side (channels that it reads, channels that it gives), in [2, 64]; between them the time is
    /// interpolated. Default 7.
    /// </summary>
    public int PointsPerSide = 7;

    /// <summary>
    /// About how long the measurement may take. Less time means fewer runs of every layer and noisier times, five runs at least, so that a
    /// large network may take longer. Default 3 minutes.
    /// </summary>
    public TimeSpan TimeLimit = TimeSpan.FromMinutes(3);

    /// <summary>Gets the share of the measurement that is done, in [0, 1]. Default null.</summary>
    public Action<double>? Progress;

    /// <summary>Ends the measurement with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;

    /// <exception cref="ArgumentOutOfRangeException">
    /// A field is out of its range; the message names it, its value and the range.
    /// </exception>
    internal void Check()
    {
        Require(Engine is not null, nameof(Engine), Engine, "an engine, such as LatencyEngine.LibTorch");
        Require(BatchSize is >= 1 and <= 1 << 16, nameof(BatchSize), BatchSize, "a number in [1, 65536]");
        Require(NumberOfThreads is >= 1 and <= 1024, nameof(NumberOfThreads), NumberOfThreads, "a number in [1, 1024]");
        Require(PointsPerSide is >= 2 and <= 64, nameof(PointsPerSide), PointsPerSide, "a number in [2, 64]");
        Require(TimeLimit > TimeSpan.Zero, nameof(TimeLimit), TimeLimit, "a positive time");
    }

    private static void Require(bool holds, string name, object? value, string needed)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value,
                FormattableString.Invariant($"{name} is {value ?? "null"}; needed is {needed}."));
    }
}
