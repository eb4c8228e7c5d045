using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Dmcp.Runs;
using Microsoft.ML.Dmcp.Runs.Communication;

namespace Microsoft.ML.Dmcp.Training.Checkpoints;

/// <summary>Makes sure that all ranks of a run have the same state.</summary>
internal static class RankState
{
    /// <summary>Compares the SHA-256 of weights, of optimizers and architecture parameters, and of the random source.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="run">What they train.</param>
    /// <param name="random">What they draw from.</param>
    /// <param name="epoch">The epoch that they have done, from 0.</param>
    /// <exception cref="InvalidOperationException">One has another state.</exception>
    public static void RequireSame(Ranks ranks, TrainingRun run, RandomSource random, int epoch) => ranks.RequireSame(
        [
            ("the SHA-256 of the weights", Digest(run.Network.SaveWeights)),
            ("the SHA-256 of the optimizers and architecture parameters", Digest(run.Save)),
            ("the SHA-256 of the random source", Digest(random.Save)),
        ],
        FormattableString.Invariant($"The ranks drifted apart in epoch {epoch + 1}"));

    private static string Digest(Action<BinaryWriter> write)
    {
        using var hash = SHA256.Create();
        using (var hashed = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        using (var writer = new BinaryWriter(hashed, Encoding.UTF8))
            write(writer);
        return Convert.ToHexString(hash.Hash!);
    }
}
