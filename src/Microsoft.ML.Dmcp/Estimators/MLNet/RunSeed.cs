using Microsoft.ML.Dmcp.Runs.Communication;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>Chooses the seed of a run.</summary>
internal static class RunSeed
{
    /// <summary>
    /// The seed of the options, else that of the MLContext, else that of the checkpoint that the run resumes from, else a random one:
    /// that of the first rank, where there are several.
    /// </summary>
    public static int Choose(ImageRunOptions options, IHostEnvironment env, Ranks? ranks = null)
    {
        // All ranks ask for it, whatever their options say: what these differ in is for the comparison that follows.
        var random = Random.Shared.Next();
        if (ranks is not null)
            random = BitConverter.ToInt32(ranks.Broadcast(BitConverter.GetBytes(random)));
        return options.Seed ?? MLNetInternals.Seed(env) ?? options.SeedOfCheckpoint ?? random;
    }
}
