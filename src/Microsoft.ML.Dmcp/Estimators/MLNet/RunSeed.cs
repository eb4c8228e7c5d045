using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>Chooses the seed of a run.</summary>
internal static class RunSeed
{
    /// <summary>
    /// The seed of the options, else that of the MLContext, else that of the checkpoint that the run resumes from, else a random one.
    /// </summary>
    public static int Choose(ImageRunOptions options, IHostEnvironment env) =>
        options.Seed ?? MLNetInternals.Seed(env) ?? options.SeedOfCheckpoint ?? Random.Shared.Next();
}
