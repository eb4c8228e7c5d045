namespace Dmcp.Transfer;

/// <summary>What a part found out.</summary>
internal sealed record PartResult
{
    /// <summary>Share of the held-out images classified correctly; null for a search.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Multiply-adds of an image, in millions.</summary>
    public double MFlops { get; init; }

    /// <summary>Weights, in millions.</summary>
    public double MParameters { get; init; }

    /// <summary>Size of the ONNX file in megabytes; null for a search.</summary>
    public double? Megabytes { get; init; }

    /// <summary>How long it took, on one machine with whatever else ran there.</summary>
    public double Seconds { get; init; }
}
