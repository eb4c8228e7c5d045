namespace Dmcp.Experiments;

/// <summary>What a unit found out.</summary>
internal sealed record UnitResult
{
    /// <summary>Share of the held-out images classified correctly; null for a search.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Share of the (augmented) training images classified correctly in the last epoch.</summary>
    public double? TrainingAccuracy { get; init; }

    /// <summary>Fig. 4; empty for other units.</summary>
    public IReadOnlyList<RecoveryPoint> Curve { get; init; } = [];

    /// <summary>Millions of multiply-adds of the found or trained network.</summary>
    public double MFlops { get; init; }

    /// <summary>Expected millions of multiply-adds when a search ended.</summary>
    public double? ExpectedMFlops { get; init; }

    /// <summary>Structures that direct sampling found.</summary>
    public int DirectSamples { get; init; }

    public double Seconds { get; init; }

    /// <summary>What did not go as hoped.</summary>
    public string? Note { get; init; }
}
