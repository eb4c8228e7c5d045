using static TorchSharp.torch;

namespace Microsoft.ML.Dmcp.Runs.Communication;

/// <summary>What a rank reduced together with the others, and for how long.</summary>
internal sealed class RankTraffic
{
    /// <summary>Bytes of all tensors that were summed: what one rank puts in, not what the network carries.</summary>
    public long Bytes { get; private set; }

    /// <summary>Time in which gradients were being reduced.</summary>
    public TimeSpan Reducing { get; set; }

    /// <summary>The part of it in which the rank did nothing but wait.</summary>
    public TimeSpan Waiting { get; set; }

    /// <summary>Share of the time of the reductions in which the rank computed; NaN where there was none.</summary>
    public double OverlappedShare => Math.Max(0, 1 - Waiting / Reducing);

    /// <summary>A sentence about it.</summary>
    /// <param name="iterations">In how many iterations it was.</param>
    public string Describe(long iterations) => FormattableString.Invariant(
        $"Every rank summed {Bytes / 1e6 / Math.Max(1, iterations):0.000} MB an iteration with the others; ") +
        FormattableString.Invariant($"{100 * OverlappedShare:0} % of the time of the gradients' sums lay behind the computation.");

    /// <summary>Counts a tensor.</summary>
    public void Count(Tensor values) => Bytes += values.numel() * values.element_size();
}
