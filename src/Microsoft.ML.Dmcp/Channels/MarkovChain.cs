using System.Security.Cryptography;
using Microsoft.ML.Dmcp.Runs;

namespace Microsoft.ML.Dmcp.Channels;

/// <summary>The Markov process of every channel group as numbers: structures are drawn from it without a tensor.</summary>
/// <param name="Blocks">How each group is cut into blocks.</param>
/// <param name="Transitions">p_k of every group's blocks (Eq. 5).</param>
internal sealed record MarkovChain(IReadOnlyList<ChannelBlocks> Blocks, IReadOnlyList<IReadOnlyList<double>> Transitions)
{
    /// <summary>The first digits of a SHA-256 of the transitions, by which settings name the chain.</summary>
    public string Digest
    {
        get
        {
            var bytes = Transitions.SelectMany(group => group).SelectMany(BitConverter.GetBytes).ToArray();
            return Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
        }
    }

    /// <summary>Walks the chain of every group (3.3): keeps block after block until one is not kept.</summary>
    public int[] Draw(RandomSource random)
    {
        var widths = new int[Blocks.Count];
        for (var g = 0; g < widths.Length; g++)
        {
            var kept = 0;
            while (kept < Blocks[g].Blocks && random.NextDouble() < Transitions[g][kept])
                kept++;
            widths[g] = Blocks[g].WidthOf(kept);
        }
        return widths;
    }

    /// <summary>The probability that each block of a group is kept, ∏ p_i (Eq. 6).</summary>
    public double[] Marginals(int group)
    {
        var kept = 1.0;
        return Transitions[group].Select(p => kept *= p).ToArray();
    }
}
