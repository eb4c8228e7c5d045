using Microsoft.ML.Dmcp;

namespace Dmcp.Compare;

/// <summary>What a part found out.</summary>
internal sealed record PartResult
{
    /// <summary>Share of the held-out images classified correctly; null for a search.</summary>
    public double? Accuracy { get; init; }

    public double MFlops { get; init; }

    public double MParameters { get; init; }

    public double Seconds { get; init; }

    /// <summary>Structures that a search evaluated beside the one it trained.</summary>
    public int EvaluatedStructures { get; init; }

    /// <summary>Share of DAIS's indicators within 0.01 of 0 or 1.</summary>
    public double? BinaryShare { get; init; }

    /// <summary>Share of DAIS's indicators within 0.01 of 0.</summary>
    public double? ZeroShare { get; init; }

    /// <summary>Share of the budget that the channels use whose indicators ended near 1, before the budget was enforced.</summary>
    public double? BudgetUse { get; init; }

    /// <summary>What a training found out.</summary>
    public static PartResult Of(ChannelConfig config, double accuracy, TimeSpan time) => new()
    {
        Accuracy = accuracy,
        MFlops = config.Flops / 1e6,
        MParameters = config.Parameters / 1e6,
        Seconds = time.TotalSeconds,
    };
}
