namespace Microsoft.ML.Dmcp.Benchmarks;

/// <summary>What measuring a workload gave.</summary>
internal sealed record Measurement
{
    public required string Workload { get; init; }

    public required string Description { get; init; }

    public required int Iterations { get; init; }

    public required double MedianMilliseconds { get; init; }

    /// <summary>First and third quartile.</summary>
    public required double LowMilliseconds { get; init; }

    public required double HighMilliseconds { get; init; }

    public required double ItemsPerSecond { get; init; }

    /// <summary>Managed memory allocated in an iteration.</summary>
    public required double AllocatedKilobytes { get; init; }

    /// <summary>
    /// Largest resident size of the process, which did nothing else; on a GPU unknown, as TorchSharp has no measure of its memory.
    /// </summary>
    public required double? PeakMegabytes { get; init; }

    /// <summary>Seconds from the start of the process until the first iteration was done.</summary>
    public required double FirstIterationSeconds { get; init; }

    /// <summary>Billion multiply-adds a second; 0 where arithmetic does not matter.</summary>
    public required double GigaMultiplyAdds { get; init; }

    /// <summary>Percent of the time for which the work waited for its data.</summary>
    public required double WaitedPercent { get; init; }

    /// <summary>Multiply-adds of an iteration; 0 where arithmetic does not matter.</summary>
    public required double MultiplyAdds { get; init; }

    /// <summary>Type of the numbers that are multiplied.</summary>
    public required string Precision { get; init; }

    /// <summary>What it ran on: cpu or cuda.</summary>
    public required string Device { get; init; }

    /// <summary>Whether it measures how fast the machine multiplies and adds.</summary>
    public required bool IsRate { get; init; }

    /// <summary>
    /// <see cref="GigaMultiplyAdds"/> as a share of the highest rate of the same precision that the same run measured; null where it
    /// measured none.
    /// </summary>
    public double? ShareOfRate { get; init; }

    /// <summary>The measurement with its share of the rates among others.</summary>
    public Measurement Against(IEnumerable<Measurement> others) => IsRate || MultiplyAdds == 0
        ? this
        : this with { ShareOfRate = GigaMultiplyAdds / others.Where(IsRateOfSamePrecision).Max(m => (double?)m.GigaMultiplyAdds) };

    private bool IsRateOfSamePrecision(Measurement other) => other.IsRate && other.Precision == Precision;
}
