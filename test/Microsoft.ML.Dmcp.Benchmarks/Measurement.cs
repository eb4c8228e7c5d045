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

    /// <summary>Largest resident size of the process, which did nothing else.</summary>
    public required double PeakMegabytes { get; init; }

    /// <summary>Seconds from the start of the process until the first iteration was done.</summary>
    public required double FirstIterationSeconds { get; init; }

    /// <summary>Billion multiply-adds a second; 0 where arithmetic does not matter.</summary>
    public required double GigaMultiplyAdds { get; init; }

    /// <summary>Percent of the time for which the work waited for its data.</summary>
    public required double WaitedPercent { get; init; }
}
