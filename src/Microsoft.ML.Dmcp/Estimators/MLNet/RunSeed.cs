using Microsoft.ML.Dmcp.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Dmcp.Estimators.MLNet;

/// <summary>Chooses the seed of a run.</summary>
internal static class RunSeed
{
    /// <summary>
    /// The seed of the options, else that of the MLContext, else that of the checkpoint that the run goes on from, else a random one.
    /// </summary>
    public static int Choose(TrainingOptions options, IHostEnvironment env) =>
        options.Seed ?? MLNetInternals.Seed(env) ?? CheckpointFile.IdentityOf(options.CheckpointPath)?.Seed ?? Random.Shared.Next();
}
